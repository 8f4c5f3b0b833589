import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the pages that this run has built. */
    dist: string;
  }
}

/**
 * The tests look at what people get: the built pages. A process of its own, for the test runner's mode is not production's;
 * a folder of its own, so that a server that runs from `dist` meanwhile keeps its files.
 */
export default function setup(project: TestProject): () => void {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const dist = mkdtempSync(join(tmpdir(), 'postern-pages-'));
  const forget = () => rmSync(dist, { recursive: true, force: true });
  try {
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', dist, '--emptyOutDir'], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: 'inherit',
    });
  } catch (error) {
    forget();
    throw error;
  }
  project.provide('dist', dist);
  return forget;
}
