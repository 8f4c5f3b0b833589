import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What compresses; fonts and PNG pictures are compressed by themselves. */
const TEXT = /\.(?:js|css|svg|json|txt)$/;
/** Below this many bytes a packet carries the file either way. */
const LEAST = 1024;

/** Puts a `.br` and a `.gz` beside every file that gets smaller by it, so that the gateway has nothing to compress while people wait. */
export function precompress(): Plugin {
  let folder = '';
  return {
    name: 'postern:precompress',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    closeBundle: () => compressFolder(folder),
  };
}

/** Compresses what is worth it below a folder. The shell `index.html` is filled for every request, and stays as it is. */
export function compressFolder(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (!TEXT.test(name) || statSync(file).size < LEAST) continue;
    const content = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    for (const [ending, packed] of [
      ['br', brotliCompressSync(content, { params })],
      ['gz', gzipSync(content, { level: 9 })],
    ] as const)
      if (packed.length < content.length) writeFileSync(`${file}.${ending}`, packed);
  }
}
