import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ExpressionError } from './expression.error.ts';
import { aMapping, anEngine, outcomeOf } from './testing.fixture.ts';

// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const engine = anEngine({ softMs: 250, hardMs: 500, memory: 96 << 20, interpreters: 1 });
afterAll(() => engine.close());

const failureOf = async (code: string) => {
  const outcome = await outcomeOf(engine, aMapping(code));
  return outcome instanceof Error && 'failure' in outcome ? (outcome as ExpressionError) : undefined;
};
const goesOn = async () => {
  expect(await engine.evaluate(aMapping('return 1 + 1'))).toMatchObject({ value: 2 });
};
/** What the code leaves in its interpreter; gone when another has taken over. */
const MARK = 'import json\njson.dumps.__dict__["mark"] = 1';
const isSameInterpreter = async () =>
  (await engine.evaluate(aMapping('import json\nreturn "mark" in json.dumps.__dict__'))).value;

describe('time', () => {
  it.each([
    ['a loop without end', 'while True: pass'],
    ['a pattern without end', 'import re\nre.match("(a+)+$", "a" * 40 + "b")'],
    ['a sleep', 'import time\ntime.sleep(60)'],
    ['a number without end', 'return 10 ** 10 ** 7'],
  ])('interrupts %s, and keeps the interpreter', async (_title, code) => {
    await engine.evaluate(aMapping(MARK));
    expect(await failureOf(code)).toMatchObject({ failure: 'time', message: 'The expression computes for too long.' });
    expect(await isSameInterpreter()).toBe(true);
  });

  it('says on which line it was', async () => {
    expect(await failureOf('x = 1\n\nwhile x:\n    x += 1')).toMatchObject({
      failure: 'time',
      line: expect.any(Number),
    });
  });

  it.each([
    ['catches everything', 'while True:\n  try:\n    while True: pass\n  except BaseException: pass'],
    ['ignores signals', 'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass'],
    ['takes the clock away', 'import pyodide_js\npyodide_js.setInterruptBuffer(None)\nwhile True: pass'],
    ['sits in one instruction', 'return sum(range(10 ** 12))'],
  ])('kills the interpreter of code that %s', async (_title, code) => {
    expect(await failureOf(code)).toMatchObject({ failure: 'time' });
    await goesOn();
  });

  it('ends a wait for the host at the end of its time, and says so in Python', async () => {
    const never = { ak_user_by: () => new Promise<null>(() => undefined) };
    const code = 'try:\n    ak_user_by(pk=1)\nexcept RuntimeError as error:\n    return str(error)';
    const { value } = await engine.evaluate(aMapping(code, { functions: never, timeoutMs: 100 }));
    expect(value).toBe('The time of the expression is over.');
  });

  it('does not count the time of the host', async () => {
    const slow = { ak_user_by: () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 600)) };
    const { value } = await engine.evaluate(aMapping('return ak_user_by(pk=1) is None', { functions: slow }));
    expect(value).toBe(true);
  });
});

describe('memory', () => {
  it.each([
    ['a list', 'return len([i for i in range(10 ** 9)])'],
    ['a text', 'return len("x" * 10 ** 9)'],
    ['growing bytes', 'x = b"x"\nwhile True: x = x + x'],
  ])('is refused to %s, and the interpreter goes on', async (_title, code) => {
    await engine.evaluate(aMapping(MARK));
    expect(await failureOf(code)).toMatchObject({ failure: 'memory' });
    expect(await isSameInterpreter()).toBe(true);
  });

  it('outside Python ends the interpreter', async () => {
    const generous = anEngine({ softMs: 10_000 });
    const code = 'import pyodide_js\nx = []\nwhile True: x.append(pyodide_js._module.HEAPU8.slice())';
    await expect(generous.evaluate(aMapping(code))).rejects.toMatchObject({ failure: 'memory' });
    await generous.close();
  });
});

describe('depth and size', () => {
  it('refuses recursion without end', async () => {
    expect(await failureOf('def f(): return f()\nreturn f()')).toMatchObject({
      failure: 'raised',
      line: 1,
      message: expect.stringContaining('RecursionError'),
    });
  });

  it.each([
    ['recursion beyond the stack', 'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): return f()\nf()'],
    ['a text that grows in place', 'x = "x"\nwhile True: x += x'],
    ['an exit', 'import os\nos._exit(3)'],
    ['an abort', 'import os\nos.abort()'],
    ['memory that is not its own', 'import ctypes\nctypes.string_at(0xfffffff0)'],
    ['overwritten memory', 'import ctypes\nctypes.memset(0, 0, 30_000_000)'],
  ])('survives %s', async (_title, code) => {
    expect(await failureOf(code)).toMatchObject({ failure: 'crashed' });
    await goesOn();
  });

  it('refuses a result of more than a megabyte', async () => {
    expect(await failureOf('return "x" * 2_000_000')).toMatchObject({
      failure: 'result',
      message: expect.stringContaining('1048576'),
    });
    await goesOn();
  });

  it('keeps a bounded part of what is said', async () => {
    const code = 'for i in range(300):\n    print("x" * 10_000)\n    ak_logger.info("y" * 10_000, fact="z" * 10_000)';
    const { logs } = await engine.evaluate(aMapping(code));
    expect(logs).toHaveLength(200);
    expect(Math.max(...logs.map(({ message }) => message.length))).toBeLessThanOrEqual(2_000);
  });

  it.each([
    ['a function', 'return lambda: 1'],
    ['a module', 'import json\nreturn json'],
    ['no number', 'return float("nan")'],
    ['half a character', 'return "\\ud800"'],
    ['bytes that are no text', 'return b"\\xff"'],
    ['a key that is no text', 'return {("a", 1): 1}'],
  ])('refuses to return %s', async (_title, code) => {
    expect(await failureOf(code)).toMatchObject({ failure: 'result' });
  });
});
