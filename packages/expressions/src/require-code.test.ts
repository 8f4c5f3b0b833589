import { createMetrics } from '@postern/observability';
import { afterAll, expect, it, vi } from 'vitest';
import { createExpressions } from './expressions.ts';
import { requireCode } from './require-code.ts';
import { aLog } from './testing.fixture.ts';

// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const metrics = createMetrics();
const engine = createExpressions({ log: aLog().log, metrics, settings: { spare: 0, interpreters: 1 } });
afterAll(() => engine.close());

const interpreters = async () => Number(/postern_expression_interpreters (\d+)/.exec(await metrics.text())?.[1]);

const PLAIN = [
  'return True',
  'return False',
  'return None',
  'return {}',
  'return []',
  'return ""',
  "return ''",
  'return {}\n',
];

it('takes no interpreter for code that computes nothing, all of which compiles', async () => {
  for (const code of PLAIN) await requireCode(engine, code, 'one');
  expect(await interpreters()).toBe(0);
  for (const code of PLAIN) expect(await engine.check({ tenant: 'one', code })).toBeUndefined();
});

it.each(['return {', 'return Tru e', 'return {}\n return {}', 'return {} {}', 'return "'])(
  'refuses %j, which only looks like it',
  async (code) => {
    const refusal = { violations: [{ field: 'expression', reason: 'EXPRESSION_SYNTAX' }] };
    await expect(requireCode(engine, code, 'one')).rejects.toMatchObject(refusal);
  },
);
