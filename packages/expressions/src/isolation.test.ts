import { afterAll, describe, expect, it, vi } from 'vitest';
import { aMapping, anEngine, outcomeOf } from './testing.fixture.ts';

// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const engine = anEngine();
afterAll(() => engine.close());

const answerTo = async (code: string, tenant = 'one') => (await engine.evaluate(aMapping(code, { tenant }))).value;

describe('between expressions of one tenant', () => {
  it.each([
    ['a global name', 'global kept\nkept = 1', 'return "kept" in globals()', false],
    ['an attribute of a module', 'import json\njson.kept = 1', 'import json\nreturn hasattr(json, "kept")', false],
    ['a function of a module', 'import json\njson.dumps = None', 'import json\nreturn json.dumps([1])', '[1]'],
    ['a removed function', 'import re\ndel re.search', 'return regex_match("ab", "b")', true],
    [
      'a builtin',
      'import builtins\nbuiltins.len = None\nbuiltins.kept = 1',
      'return [len("ab"), "kept" in dir(__builtins__)]',
      [2, false],
    ],
    ['every builtin', 'import builtins\nbuiltins.__dict__.clear()', 'return sorted([2, 1])', [1, 2]],
    ['an imported module', 'import csv\ncsv.kept = 1', 'import csv\nreturn hasattr(csv, "kept")', false],
    ['a module of its own', 'import sys\nsys.modules["mine"] = 1', 'import sys\nreturn "mine" in sys.modules', false],
    ['a removed module', 'import sys\ndel sys.modules["json"]', 'import json\nreturn json.dumps(1)', '1'],
    [
      'our own functions',
      'import postern.functions\npostern.functions.clean = None',
      'import postern.functions\nreturn postern.functions.clean(1)',
      1,
    ],
    ['our own border', 'import postern.wire\npostern.wire.portable = lambda v: "stolen"', 'return "own"', 'own'],
    ['the environment', 'import os\nos.environ["KEPT"] = "1"', 'import os\nreturn os.environ.get("KEPT")', null],
    ['a limit', 'import sys\nsys.setrecursionlimit(50)', 'def f(n): return n and f(n - 1)\nreturn f(200)', 0],
    ['a tracer', 'import sys\nsys.settrace(lambda *a: None)', 'import sys\nreturn sys.gettrace()', null],
    [
      'the handler of signals',
      'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)',
      'import signal\nreturn signal.getsignal(signal.SIGINT) is signal.default_int_handler',
      true,
    ],
    ['standard output', 'import sys\nsys.stdout = None', 'print("x")\nreturn True', true],
    ['an attribute of a variable', 'user = ak_logger\nuser.kept = 1', 'return hasattr(ak_logger, "kept")', false],
  ])('%s is put back', async (_title, first, second, expected) => {
    await outcomeOf(engine, aMapping(first));
    expect(await answerTo(second)).toEqual(expected);
  });

  it('numbers drawn by chance differ from interpreter to interpreter', async () => {
    const code = 'import random, secrets, uuid\nreturn [random.random(), secrets.token_hex(8), str(uuid.uuid4())]';
    const other = anEngine();
    const [own, others] = [await answerTo(code), (await other.evaluate(aMapping(code))).value];
    await other.close();
    expect(Array.isArray(own) && Array.isArray(others) && own.some((each) => others.includes(each))).toBe(false);
  });
});

describe('between tenants', () => {
  it('nothing is left: another tenant gets another interpreter', async () => {
    // Deeper than what is put back between expressions of one tenant.
    await engine.evaluate(aMapping('import json\njson.JSONDecoder.kept = 1\njson.dumps.__dict__["kept"] = 1'));
    const look = 'import json\nreturn [hasattr(json.JSONDecoder, "kept"), hasattr(json.dumps, "kept")]';
    expect(await answerTo(look)).toEqual([true, true]);
    expect(await answerTo(look, 'two')).toEqual([false, false]);
    expect(await answerTo(look)).toEqual([false, false]);
  });

  it('holds for an evaluation that a host function of another tenant starts', async () => {
    const wide = anEngine({ interpreters: 2 });
    await wide.evaluate(aMapping('import json\njson.dumps.__dict__["kept"] = 1'));
    const other = aMapping('import json\nreturn "kept" in json.dumps.__dict__', { tenant: 'two' });
    const functions = { ak_user_by: async () => (await wide.evaluate(other)).value };
    expect(await wide.evaluate(aMapping('return ak_user_by(pk=1)', { functions }))).toMatchObject({ value: false });
    await wide.close();
  });
});
