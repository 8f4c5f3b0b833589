/** Child processes under the Node that comes with the packages. They end with us, however we end. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { bin, root } from './paths.mjs';

const FORWARDED = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };

/** The environment of every child: `node` is Node 24, and nothing phones home. */
export function childEnvironment(extra = {}) {
  return {
    ...process.env,
    PATH: [bin(''), process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    ...extra,
  };
}

/** Runs a program on this terminal and resolves with its exit code. Signals are passed on. */
export function runToEnd(command, args, { env = {} } = {}) {
  return ending(spawn(command, args, { cwd: root, env: childEnvironment(env), stdio: 'inherit' }));
}

/**
 * Runs a server written for Node and resolves with its exit code. It has a process group of its own, so that Ctrl-C reaches it once, through us;
 * and it drains and stops when this process dies, even by kill -9.
 */
export function runServer(args, { env = {} } = {}) {
  const tether = ['--import', new URL('tether.mjs', import.meta.url).href];
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  return ending(spawn('node', [...tether, ...args], { cwd: root, env: childEnvironment(env), stdio, detached: true }));
}

function ending(child) {
  for (const [received, sent] of Object.entries(FORWARDED)) process.on(received, () => child.kill(sent));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Runs a program and resolves with its exit code and everything it printed. */
export function capture(command, args, { env = {}, cwd = root } = {}) {
  const child = spawn(command, args, { cwd, env: childEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? 128 + constants.signals[signal], output }));
  });
}
