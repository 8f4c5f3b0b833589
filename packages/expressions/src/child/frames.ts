/**
 * What travels between host and interpreter: frames of a head and a text. Head: length of the text (u32), kind (u8), number of the request
 * (u32), soft and hard limit in milliseconds (u32 each; of requests alone), and the request that a call belongs to (u32). Little endian. Both sides count their requests from 1.
 */

/**
 * Host to interpreter: `evaluate`, `check`, `answer` (to a call). Interpreter to host: `ready`, `done` (with evaluate and check), `call` (a
 * host function), `broken` (the interpreter cannot go on; why), `snapshot` (its memory),
 * `overrun` (the hard limit is over: it ends itself).
 */
export const FRAME = {
  evaluate: 1,
  check: 2,
  answer: 3,
  ready: 4,
  done: 5,
  call: 6,
  broken: 7,
  snapshot: 8,
  overrun: 9,
} as const;

export const HEAD = 21;

export type Head = { length: number; kind: number; id: number; softMs: number; hardMs: number; of: number };

export function writeHead({ length, kind, id, softMs, hardMs, of }: Head): Buffer {
  const head = Buffer.allocUnsafe(HEAD);
  head.writeUInt32LE(length, 0);
  head.writeUInt8(kind, 4);
  head.writeUInt32LE(id, 5);
  head.writeUInt32LE(softMs, 9);
  head.writeUInt32LE(hardMs, 13);
  head.writeUInt32LE(of, 17);
  return head;
}

export function readHead(bytes: Buffer): Head {
  return {
    length: bytes.readUInt32LE(0),
    kind: bytes.readUInt8(4),
    id: bytes.readUInt32LE(5),
    softMs: bytes.readUInt32LE(9),
    hardMs: bytes.readUInt32LE(13),
    of: bytes.readUInt32LE(17),
  };
}
