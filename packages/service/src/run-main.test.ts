import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Environment } from '@postern/config';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.fixture.ts');
const ENV = { POSTERN_SECRET_KEY: 'a secret of sufficient length', POSTERN_LISTEN__METRICS: '127.0.0.1:0' };

function run(env: Environment): { child: ChildProcess; output(): string; until(text: string): Promise<void> } {
  const child = spawn(process.execPath, ['--conditions=@postern/source', MAIN], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const until = async (text: string) => {
    while (!printed.includes(text) && child.exitCode === null) {
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    }
  };
  return { child, output: () => printed, until };
}

it('names wrong settings, without a stack, and exits with 1', async () => {
  const { child, output } = run({ ...ENV, POSTERN_LOG_LEVL: 'info' });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(output()).toContain('POSTERN_LOG_LEVL: is not a setting; did you mean POSTERN_LOG_LEVEL?');
  expect(output()).not.toContain('    at ');
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'drains and exits with 0 on %s, also when it comes twice at once',
  async (signal) => {
    const { child, output, until } = run(ENV);
    await until('"msg":"ready"');
    child.kill(signal);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output()).toContain('"msg":"stopping"');
  },
);
