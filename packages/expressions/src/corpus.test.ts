import { afterAll, describe, expect, it, vi } from 'vitest';
import { CORPUS, SCENE } from './corpus.fixture.ts';
import { anEngine } from './testing.fixture.ts';

// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const engine = anEngine();
afterAll(() => engine.close());

const NOTHING = { context: { set: {}, removed: [] }, plan: { set: {}, removed: [] } };

describe('what administrators write', () => {
  it.each(CORPUS)('$title', async ({ title, kind = 'mapping', code, gives, messages = [], changes = {} }) => {
    const evaluation = await engine.evaluate({ tenant: 'one', name: title, kind, code, variables: SCENE[kind] });
    expect(kind === 'policy' ? evaluation.truthy : evaluation.value).toEqual(gives);
    expect(evaluation.messages).toEqual(messages);
    expect(evaluation.changes).toEqual({ ...NOTHING, ...changes });
  });

  it('compiles all of it', async () => {
    for (const { code } of CORPUS) expect(await engine.check({ tenant: 'one', code })).toBeUndefined();
  });
});

describe('what does not compile', () => {
  it.each([
    ['return (1', 1, 8, /never closed/],
    ['x = 1\nreturn x +', 2, 11, /invalid syntax/],
    ['if True:\nreturn 1', 2, 1, /expected an indented block/],
    ['if x:\n  y = 1\n z = 1', 3, 7, /unindent/],
    ['return "a', 1, 8, /unterminated string/],
    ['a = 1\nb = 2\nbreak', 3, 1, /outside loop/],
    ['def f(x, x):\n    pass', 1, 10, /duplicate/],
    ['await x', 1, 1, /await/],
    ['return 1 2', 1, 10, /invalid syntax/],
    ['print "x"', 1, 1, /parentheses/],
  ])('%j is refused at line %i, column %i', async (code, line, column, message) => {
    expect(await engine.check({ tenant: 'one', code })).toEqual({
      line,
      column,
      message: expect.stringMatching(message),
    });
  });

  it('does not run what it checks', async () => {
    expect(await engine.check({ tenant: 'one', code: 'raise ValueError()' })).toBeUndefined();
  });

  it.each([
    '('.repeat(5_000),
    `x = ${'-'.repeat(100_000)}1`,
    `x${'.a'.repeat(20_000)}`,
    'x\0',
    `x = ${'1+'.repeat(50_000)}1`,
  ])('survives code that is made to break the compiler (%#)', async (code) => {
    expect(await engine.check({ tenant: 'one', code })).toMatchObject({ message: expect.any(String) });
    expect(await engine.check({ tenant: 'one', code: 'return 1' })).toBeUndefined();
  });
});
