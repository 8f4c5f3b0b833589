import { readSync, writeSync } from 'node:fs';
import { HEAD, type Head, readHead, writeHead } from './frames.ts';

/** One end of the socket to the host, blocking: this process does one thing at a time, and its event loop never turns. */
export type Channel = {
  /** The next frame; undefined when the host has gone. */
  read(): (Head & { text: string }) | undefined;
  /** @param of the request that a call belongs to */
  write(kind: number, id: number, text: string | Uint8Array, of?: number): void;
};

export function createChannel(descriptor: number): Channel {
  const head = Buffer.alloc(HEAD);
  return {
    read() {
      if (!fill(descriptor, head)) return undefined;
      const facts = readHead(head);
      const body = Buffer.allocUnsafe(facts.length);
      return fill(descriptor, body) ? { ...facts, text: body.toString('utf8') } : undefined;
    },
    write(kind, id, text, of = 0) {
      const body = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
      const facts = writeHead({ length: body.length, kind, id, softMs: 0, hardMs: 0, of });
      const all = body.length < PAGE ? [Buffer.concat([facts, body])] : [facts, body];
      for (const part of all) flush(descriptor, part);
    },
  };
}

const PAGE = 65_536;

function fill(descriptor: number, target: Buffer): boolean {
  for (let at = 0; at < target.length; ) {
    const count = readSync(descriptor, target, at, target.length - at, null);
    if (count === 0) return false;
    at += count;
  }
  return true;
}

function flush(descriptor: number, source: Uint8Array): void {
  for (let at = 0; at < source.length; ) at += writeSync(descriptor, source, at, source.length - at);
}
