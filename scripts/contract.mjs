/**
 * `npm run contract [-- arguments]`: starts a fresh server and runs the contract checker against it, with the arguments given. Its exit code
 * is the checker's.
 */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
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

prepareBuild();
const folder = mkdtempSync(join(tmpdir(), 'postern-contract-'));
// The embedded PostgreSQL may run as another user.
chmodSync(folder, 0o711);
const base = `http://127.0.0.1:${await freePort()}`;
const token = randomBytes(24).toString('hex');
const server = start();
const stopped = new Promise((resolve) => server.once('exit', resolve));
try {
  await untilKnown();
  process.exitCode = await runToEnd('node', [checker, '--base', base, '--token', token, ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
} finally {
  server.kill('SIGTERM');
  await stopped;
  rmSync(folder, { recursive: true, force: true });
}

/** The server of `npm start`, with settings of its own; it stops when this process dies. */
function start() {
  const env = childEnvironment({
    POSTERN_DATA_DIR: folder,
    POSTERN_LISTEN__HTTP: base.slice('http://'.length),
    POSTERN_LISTEN__HTTPS: 'off',
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_LOG_LEVEL: 'warn',
    POSTERN_BOOTSTRAP_TOKEN: token,
    POSTERN_BOOTSTRAP_PASSWORD: randomBytes(12).toString('hex'),
  });
  delete env.POSTERN_CONTRACT_CHECKER;
  const tether = ['--import', new URL('tether.mjs', import.meta.url).href];
  const stdio = ['ignore', 2, 2, 'ipc'];
  return spawn('node', [...tether, 'apps/standalone/dist/main.js'], { cwd: root, env, stdio, detached: true });
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until the server knows the token: it is given when the first administrator is, a moment after the server is ready. */
async function untilKnown() {
  const limit = Date.now() + PATIENCE;
  const headers = { authorization: `Bearer ${token}` };
  while (Date.now() < limit && server.exitCode === null && server.signalCode === null) {
    const answer = await fetch(`${base}/api/v3/core/users/me/`, { headers }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not become ready.');
}
