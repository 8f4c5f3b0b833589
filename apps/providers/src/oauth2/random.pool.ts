import { randomFillSync, randomUUID } from 'node:crypto';
import type { Random } from './ports.ts';

/** Bytes that are drawn at once: each draw is a call into the system, and every token takes several texts. */
const POOL = 4_096;

/** Creates the source of random texts. Bytes are drawn many at a time, and forgotten when they are given out. */
export function createRandom(): Random {
  const pool = Buffer.alloc(POOL);
  let at = POOL;
  return {
    uuid: randomUUID,
    text(bytes) {
      if (bytes > POOL) throw new RangeError(`a random text has at most ${POOL} bytes`);
      if (at + bytes > POOL) {
        randomFillSync(pool);
        at = 0;
      }
      const text = pool.toString('base64url', at, at + bytes);
      pool.fill(0, at, at + bytes);
      at += bytes;
      return text;
    },
  };
}
