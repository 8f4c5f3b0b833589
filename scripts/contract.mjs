/** `npm run contract -- [arguments]`: starts a fresh server and runs the contract checker against it. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { prepareBuild } from './prepare.mjs';
import { childEnvironment, runToEnd } from './run.mjs';

const PATIENCE = 60_000;

const checker = process.env.POSTERN_CONTRACT_CHECKER ?? join(root, '../shared/tools/contract/contract.mjs');
if (!existsSync(checker)) {
  console.error('No contract checker: set POSTERN_CONTRACT_CHECKER to its main file.');
  process.exit(2);
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the server says that it is ready; rejects when it stops or takes too long. */
async function untilReady(base, server) {
  const limit = Date.now() + PATIENCE;
  while (Date.now() < limit && server.exitCode === null) {
    const answer = await fetch(`${base}/-/health/ready/`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server did not become ready');
}

prepareBuild();
const folder = mkdtempSync(join(tmpdir(), 'postern-contract-'));
const base = `http://127.0.0.1:${await freePort()}`;
const token = randomBytes(24).toString('hex');
const env = childEnvironment({
  POSTERN_DATA_DIR: folder,
  POSTERN_LISTEN__HTTP: base.slice('http://'.length),
  POSTERN_LISTEN__METRICS: '127.0.0.1:0',
  POSTERN_BOOTSTRAP_TOKEN: token,
  POSTERN_BOOTSTRAP_PASSWORD: randomBytes(12).toString('hex'),
});
delete env.POSTERN_CONTRACT_CHECKER;
const tether = ['--import', new URL('tether.mjs', import.meta.url).href];
const stdio = ['ignore', 2, 2, 'ipc'];
const server = spawn('node', [...tether, 'apps/standalone/dist/main.js'], { cwd: root, env, stdio, detached: true });
const stopped = new Promise((resolve) => server.once('exit', resolve));
try {
  await untilReady(base, server);
  process.exitCode = await runToEnd('node', [checker, '--base', base, '--token', token, ...process.argv.slice(2)]);
} finally {
  server.kill('SIGTERM');
  await stopped;
  rmSync(folder, { recursive: true, force: true });
}
