import { createRequire, syncBuiltinESMExports } from 'node:module';

/**
 * Takes from this process, before Python is loaded, what the permission flags of Node leave open: sockets, name servers, signals to other
 * processes, and memory without end. Python that breaks out into JavaScript finds these functions only.
 */
export function raiseFence(memory: number): void {
  const require = createRequire(import.meta.url);
  const deny = () => {
    throw new Error('Not allowed here.');
  };
  const take = (owner: object, ...names: string[]) => {
    for (const name of names) {
      if (name in owner) Object.defineProperty(owner, name, { value: deny, writable: false, configurable: false });
    }
  };
  const net = require('node:net');
  take(net, 'connect', 'createConnection', 'createServer');
  take(net.Socket.prototype, 'connect');
  take(net.Server.prototype, 'listen');
  const dgram = require('node:dgram');
  take(dgram, 'createSocket');
  take(dgram.Socket.prototype, 'bind', 'send', 'connect');
  for (const name of ['node:dns', 'node:dns/promises', 'node:tls', 'node:http', 'node:https', 'node:http2']) {
    const module = require(name);
    take(
      module,
      ...Object.keys(module).filter((each) => /^(?:lookup|resolve|reverse|connect|request|get$)/.test(each)),
    );
  }
  for (const name of ['fetch', 'WebSocket', 'EventSource']) {
    Object.defineProperty(globalThis, name, { value: name === 'fetch' ? deny : undefined, configurable: false });
  }
  take(
    process,
    'kill',
    'abort',
    'dlopen',
    'chdir',
    'getBuiltinModule',
    '_debugProcess',
    '_linkedBinding',
    'loadEnvFile',
  );
  // The file system that Python mounts asks for the constants of `fs` here, and gets nothing else.
  const constants = { fs: require('node:fs').constants };
  Object.defineProperty(process, 'binding', { value: () => constants, writable: false, configurable: false });
  capMemory(memory);
  syncBuiltinESMExports();
}

const PAGE = 65_536;

type MemoryClass = { prototype: { buffer: ArrayBuffer; grow(pages: number): number } };

/** WebAssembly memory never grows beyond the cap: Python sees a MemoryError and goes on. */
function capMemory(most: number): void {
  const { prototype }: MemoryClass = Reflect.get(globalThis, 'WebAssembly').Memory;
  const { grow } = prototype;
  const capped = function (this: MemoryClass['prototype'], pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > most) throw new RangeError('No more memory is allowed here.');
    return grow.call(this, pages);
  };
  Object.defineProperty(prototype, 'grow', { value: capped, writable: false, configurable: false });
}
