import { rmSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMetrics } from '@postern/observability';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { HostFunctions } from './contract.ts';
import { HostFunctionError } from './expression.error.ts';
import { createExpressions } from './expressions.ts';
import { ModelObject, object } from './model-object.ts';
import { groupObject, userObject } from './people.ts';
import { ALICE, aFolder, aLog, aMapping, anEngine, aPolicy } from './testing.fixture.ts';
import { mappingVariables, policyVariables } from './variables.ts';

// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = aFolder();
const engine = anEngine();
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const { groups: _groups, ...WITHOUT_GROUPS } = ALICE;

describe('errors', () => {
  it('names the line, and shows the lines of the expression alone', async () => {
    const code = 'def f(x):\n    return x["missing"]\nak_message("before")\nreturn f({})';
    await expect(engine.evaluate(aPolicy(code, { name: 'my policy' }))).rejects.toMatchObject({
      failure: 'raised',
      message: "KeyError: 'missing'",
      line: 2,
      messages: ['before'],
      traceback: [
        'Traceback (most recent call last):',
        '  File "my policy", line 4, in expression',
        '    return f({})',
        '  File "my policy", line 2, in f',
        '    return x["missing"]',
        "KeyError: 'missing'",
      ].join('\n'),
    });
  });

  it('reports code that does not compile with line and column', async () => {
    const evaluation = engine.evaluate(aMapping('x = 1\nreturn ('));
    await expect(evaluation).rejects.toMatchObject({ failure: 'syntax', line: 2, column: 8 });
  });

  it.each([
    'raise SystemExit',
    'raise KeyError("x")',
    'import sys\nsys.exit()',
    'raise BaseException()',
    'assert False',
  ])('answers %j', async (code) => {
    await expect(engine.evaluate(aMapping(code))).rejects.toMatchObject({ failure: 'raised' });
  });

  it('offers ak_message to policies alone', async () => {
    await expect(engine.evaluate(aMapping('ak_message("x")'))).rejects.toMatchObject({
      message: expect.stringContaining('NameError'),
    });
  });
});

describe('values', () => {
  it('come in by value, and attributes cannot pass for objects', async () => {
    const attributes = { $: 'user', $$type: 1, is_superuser: true, __proto__: null, nested: [{ $: 'group' }] };
    const variables = mappingVariables({ user: { ...ALICE, attributes } });
    const { value } = await engine.evaluate(
      aMapping('return [user.attributes, type(user.attributes).__name__]', { variables }),
    );
    expect(value).toEqual([{ $: 'user', $$type: 1, is_superuser: true, nested: [{ $: 'group' }] }, 'dict']);
  });

  it('come out of the context with their kinds', async () => {
    const code = 'context["flow_plan"].context["pending_user"] = request.user\nreturn True';
    const variables = policyVariables({ user: ALICE, context: {}, plan: { flow: 'f', context: {} } });
    const { changes } = await engine.evaluate(aPolicy(code, { variables }));
    const { pending_user: pending } = changes.plan.set;
    expect(pending).toBeInstanceOf(ModelObject);
    expect(pending).toMatchObject({ kind: 'user', members: { pk: 7, username: 'alice' } });
  });

  it('of policies need not leave, only be true', async () => {
    expect(await engine.evaluate(aPolicy('return lambda: 1'))).toMatchObject({ truthy: true });
  });

  it('that cannot be variables are our mistake', async () => {
    await expect(engine.evaluate(aMapping('return 1', { variables: { 'a b': 1 } }))).rejects.toThrow(TypeError);
  });

  it('refuses to save an object', async () => {
    const variables = mappingVariables({ user: ALICE });
    const evaluation = engine.evaluate(aMapping('user.name = "x"\nuser.save()', { variables }));
    await expect(evaluation).rejects.toMatchObject({ message: expect.stringContaining('cannot change a user') });
  });
});

describe('logs', () => {
  it('are those of ak_logger and print, and reach the log of the server', async () => {
    const { log, lines } = aLog();
    const loud = createExpressions({ log, settings: { spare: 0 } });
    const code = 'print("seen")\nak_logger.warning("odd", user="alice", n=1)\nak_logger.bind(a=1).debug("low %s", 5)';
    const { logs } = await loud.evaluate(aMapping(code, { name: 'claims' }));
    await loud.close();
    expect(logs).toEqual([
      { level: 'info', message: 'seen', facts: {} },
      { level: 'warning', message: 'odd', facts: { user: 'alice', n: '1' } },
      { level: 'debug', message: 'low 5', facts: { a: '1' } },
    ]);
    expect(lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'odd')).toMatchObject({
      level: 'warn',
      expression: 'claims',
    });
  });
});

describe('host functions', () => {
  const asked: unknown[] = [];
  const functions: HostFunctions = {
    ak_user_by: async ({ filters }) => {
      asked.push(filters);
      return filters.username === 'alice' ? userObject(ALICE) : null;
    },
    ak_user_has_authenticator: async ({ user, device_type }) => user === 7 && device_type !== 'sms',
    ak_is_group_member: async ({ user, filters }) => user === 7 && filters.name === 'far away',
    ak_groups_of: async () => (ALICE.groups ?? []).map(groupObject),
    ak_create_event: async (event) => {
      asked.push(event);
      return undefined;
    },
    resolve_dns: async ({ host, ip_version }) => [`${host} ${ip_version}`],
    reverse_dns: async ({ ip }) => `name of ${ip}`,
  };
  const run = (code: string, more = {}) => {
    asked.length = 0;
    return engine.evaluate(
      aMapping(code, { variables: mappingVariables({ user: WITHOUT_GROUPS }), functions, ...more }),
    );
  };

  it.each([
    ['return ak_user_by(username="alice").email', 'Alice@Example.com'],
    ['return ak_user_by(username="nobody")', null],
    ['return [g.name for g in ak_user_by(username="alice").ak_groups.all()]', ['readers', 'app-admins']],
    ['return ak_user_has_authenticator(user)', true],
    ['return ak_user_has_authenticator(user, "sms")', false],
    ['return ak_is_group_member(user, name="far away")', true],
    ['return [g.name for g in user.ak_groups.all()]', ['readers', 'app-admins']],
    ['return resolve_dns("example.com", 4)', ['example.com 4']],
    ['return reverse_dns(ip_address("192.0.2.1"))', 'name of 192.0.2.1'],
  ])('%s', async (code, expected) => {
    expect((await run(code)).value).toEqual(expected);
  });

  it('writes events under a prefix, with secrets hidden and objects by name', async () => {
    const code =
      'ak_create_event("login", note="x", client_secret="s3cret", api={"token": "t"}, items=["a", "", 0], who=user)';
    await run(code);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      action: 'custom_login',
      context: {
        note: 'x',
        client_secret: '*'.repeat(20),
        api: { token: '*'.repeat(20) },
        items: ['a'],
        who: { username: 'alice', pk: 7 },
      },
    });
    expect(JSON.stringify(asked)).not.toContain('s3cret');
  });

  it('refuses an authenticator that there is not', async () => {
    await expect(run('ak_user_has_authenticator(user, "pigeon")')).rejects.toMatchObject({
      message: expect.stringContaining('ValueError'),
    });
  });

  it('a function that is missing says so', async () => {
    await expect(run('ak_user_by(pk=1)', { functions: {} })).rejects.toMatchObject({
      message: 'NotImplementedError: ak_user_by is not available here.',
    });
  });

  it('requests reach nothing unless the host lends a hand', async () => {
    const code = 'return requests.post("https://example.com/", json={"a": 1}, params={"q": "x y"}).json()["ok"]';
    await expect(run(code)).rejects.toMatchObject({ message: expect.stringContaining('PermissionError') });
    const http: HostFunctions = {
      http_request: async ({ method, url, body }) => ({
        status: 200,
        headers: {},
        body: JSON.stringify({ ok: `${method} ${url} ${body}` }),
      }),
    };
    expect((await run(code, { functions: http })).value).toBe('POST https://example.com/?q=x+y {"a": 1}');
  });

  it('raises what a function says, and hides what it did not mean to say', async () => {
    const failing: HostFunctions = {
      ak_user_by: async () => Promise.reject(new HostFunctionError("Policy 'x' not found.")),
      ak_groups_of: async () => Promise.reject(new Error('connection to postgres://u:p@db failed')),
    };
    await expect(run('ak_user_by(pk=1)', { functions: failing })).rejects.toMatchObject({
      message: "RuntimeError: Policy 'x' not found.",
    });
    const hidden = run('user.ak_groups.all()', { functions: failing });
    await expect(hidden).rejects.toMatchObject({ message: expect.not.stringContaining('postgres') });
  });

  it('cannot be called without end', async () => {
    const code = 'for _ in range(5000):\n    ak_user_by(username="x")';
    await expect(run(code)).rejects.toMatchObject({ message: expect.stringContaining('More than 1000 calls') });
  });

  it('of other names are not reached', async () => {
    const code = 'import postern.host\nreturn postern.host._ask(\'{"name":"constructor","arguments":{}}\')';
    expect((await run(code)).value).toContain('not available');
  });
});

describe('policies that call policies', () => {
  const other = (code: string): HostFunctions => ({
    ak_call_policy: async ({ name, context }) => {
      const variables = { request: object('request', { user: userObject(ALICE), context }) };
      const inner = await engine.evaluate(aPolicy(code, { name, variables, functions: other(code) }));
      return { passing: inner.truthy, messages: inner.messages, changes: inner.changes };
    },
  });
  const variables = policyVariables({ user: ALICE, context: { a: 1 }, plan: { flow: 'f', context: {} } });

  it('run inside one interpreter, and share the context', async () => {
    const inner =
      'context["seen"] = [context["a"], context["extra"]]\ncontext["flow_plan"].context["b"] = 2\nak_message("no")\nreturn False';
    const code =
      'r = ak_call_policy("other", extra=5)\nreturn not r and r.messages == ("no",) and context["seen"] == [1, 5]';
    const { truthy, messages, changes } = await engine.evaluate(aPolicy(code, { variables, functions: other(inner) }));
    expect({ truthy, messages }).toEqual({ truthy: true, messages: [] });
    expect(changes.context.set).toEqual({ extra: 5, seen: [1, 5] });
    expect(changes.plan.set).toEqual({ b: 2 });
  });

  it('do not call each other without end', async () => {
    const code = 'return ak_call_policy("itself").passing';
    const evaluation = engine.evaluate(aPolicy(code, { variables, functions: other(code) }));
    await expect(evaluation).rejects.toMatchObject({ failure: 'raised' });
    expect(await engine.evaluate(aMapping('return 1'))).toMatchObject({ value: 1 });
  });
});

describe('many at once', () => {
  it('are all answered, each with its own', async () => {
    const all = Array.from({ length: 500 }, (_, n) => engine.evaluate(aMapping('return n * 2', { variables: { n } })));
    expect((await Promise.all(all)).map(({ value }) => value)).toEqual(all.map((_, n) => n * 2));
  });

  it('fail alone when their interpreter is killed, and those who wait get another', async () => {
    const { log, lines } = aLog();
    const own = createExpressions({ log, settings: { spare: 1, interpreters: 1 } });
    await own.evaluate(aMapping('return 1'));
    const asked = Promise.withResolvers<void>();
    const functions = { ak_user_by: () => asked.resolve() ?? new Promise<null>(() => undefined) };
    const victim = own.evaluate(aMapping('return ak_user_by(pk=1)', { functions }));
    const waiting = own.evaluate(aMapping('return "still"'));
    await asked.promise;
    const pid = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'an interpreter is ready')?.pid;
    process.kill(pid, 'SIGKILL');
    await expect(victim).rejects.toMatchObject({ failure: 'crashed' });
    expect(await waiting).toMatchObject({ value: 'still' });
    await own.close();
  });

  it('are refused beyond the queue', async () => {
    const small = anEngine({ queue: 3 });
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => small.evaluate(aMapping('return 1'))));
    await small.close();
    const reasons = all.filter((each) => each.status === 'rejected').map(({ reason }) => reason.failure);
    expect(new Set(reasons)).toEqual(new Set(['overloaded']));
    expect(all.filter((each) => each.status === 'fulfilled').length).toBeGreaterThanOrEqual(3);
  });

  it('give up waiting at the end of their time', async () => {
    const functions = { ak_user_by: () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 400)) };
    const long = engine.evaluate(aMapping('return ak_user_by(pk=1)', { functions }));
    await expect(engine.evaluate(aMapping('return 1', { timeoutMs: 50 }))).rejects.toMatchObject({ failure: 'time' });
    await long;
  });
});

describe('the life of the engine', () => {
  it('starts nothing before the first expression, and ends everything after a while', async () => {
    const metrics = createMetrics();
    const own = createExpressions({ log: aLog().log, metrics, settings: { spare: 1, idleMs: 100 } });
    const alive = async () => Number(/postern_expression_interpreters (\d+)/.exec(await metrics.text())?.[1]);
    expect(await alive()).toBe(0);
    await own.evaluate(aMapping('return 1'));
    expect(await alive()).toBeGreaterThan(0);
    await expect.poll(alive, { timeout: 10_000 }).toBe(0);
    expect(await own.evaluate(aMapping('return 1'))).toMatchObject({ value: 1 });
    expect(await metrics.text()).toContain('postern_expression_seconds_count{kind="mapping",outcome="ok"} 2');
    await own.close();
  });

  it('refuses after it is closed', async () => {
    const own = anEngine();
    await own.close();
    await expect(own.evaluate(aMapping('return 1'))).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('replaces a snapshot that is cut off, and removes those that nobody uses', async () => {
    const own = join(folder, 'own');
    await mkdir(own);
    const old = join(own, 'python-old-1.snapshot');
    await writeFile(old, 'x');
    await utimes(old, 0, 0);
    const once = async () => {
      const used = anEngine({ cacheDir: own });
      expect(await used.evaluate(aMapping('return 1'))).toMatchObject({ value: 1 });
      await used.close();
      return readdir(own);
    };
    const names = await once();
    expect(names).toEqual([expect.stringMatching(/^python-[0-9a-f]{32}-\d+\.snapshot$/)]);
    const file = join(own, names[0] ?? '');
    const { size } = await stat(file);
    await truncate(file, 1_000);
    expect(await once()).toEqual(names);
    expect((await stat(file)).size).toBe(size);
  });

  it('goes without a snapshot where others could write one', async () => {
    const shared = join(folder, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o777);
    const own = anEngine({ cacheDir: shared });
    expect(await own.evaluate(aMapping('return 1'))).toMatchObject({ value: 1 });
    await own.close();
    expect(await readdir(shared)).toEqual([]);
  });
});
