import { randomUUID } from 'node:crypto';
import { loadRegistry, operations } from '@postern/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json } from './api.client.ts';
import { ask } from './http.client.ts';
import { ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import { bodyOf, collectionOf, type Request, requestsOf, sampleOf } from './samples.ts';

/** What happens without a person waiting, and what decides about it. */
const PLACES = /^\/api\/(v3\/(events|managed|admin|policies|propertymappings\/notification|root)\/|background-task\/)/;
/** Requests of each kind: a share of the twenty thousand that there are. */
const [BODIES, QUERIES, PATHS] = [1_500, 500, 300];
/** No answer may take longer, in milliseconds. */
const PATIENCE_MS = 15_000;

const deep = (depth: number) => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;
/** Values that no field expects, as JSON. */
const VALUES: readonly string[] = [
  ...['null', 'true', '-1', '0', '0.5', '1e400', '1e308', '9007199254740993', '99999999999999999999', '[]', '{}'],
  ...[
    '""',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"../../etc/passwd"',
    '"NaN"',
    '"\\u202e"',
    '"💥"',
    '"\\\\"',
    '"%"',
  ],
  ...['[null]', '[[[]]]', '[{}]', '{"__proto__":{"a":1}}', '{"\\u0000":"\\u0000"}', '{"a":1e400}', '"\' or 1=1 --"'],
  ...['"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"', '"+275760-09-13"', `"${'x'.repeat(100_000)}"`],
  ...[`"${randomUUID()}"`, deep(60), deep(2_000)],
];
const TEXTS = ['', '%00', '%ff%fe', '%', '-1', '0', '1e400', '99999999999999999999', 'null', '[]', '{', '../..', '💥'];
const LONG = ['x'.repeat(4_000), 'a%20'.repeat(2_000), Array.from({ length: 900 }, (_, at) => `w${at}`).join('%20')];
const KEYS = ['%00', '%2e%2e%2f', '..%2f..', '-1', '99999999999999999999', 'null', '%ff', '💥', 'a'.repeat(3_000)];

const registry = loadRegistry();
const requests = requestsOf(operations(registry)).filter(({ binding }) => PLACES.test(binding.path));
const ofVerb = (...verbs: readonly string[]) => requests.filter(({ binding }) => verbs.includes(binding.verb));
/** Which share of the requests is sent. Another seed sends another one. */
const SEED = 20_261_122;

let platform: Platform;
let api: Api;
/** Keys of objects that were made to be abused, by the path of their list. */
const made = new Map<string, unknown>();
beforeAll(async () => {
  platform = await oneProcess.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN, patience: 40_000 });
  for (const request of ofVerb('post').filter(({ binding }) => binding.parameters.length === 0)) {
    const { path } = request.binding;
    const { status, body } = await api.send('POST', path, sample(request));
    if (status === 201) made.set(path, body.pk);
  }
});
afterAll(() => platform?.stop());

function sample(request: Request): Json {
  const message = bodyOf(request);
  return message ? sampleOf(message, { registry, marker: 'abused', keyOf: () => undefined }) : {};
}

/** A small generator of pseudo-random numbers (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Sent = { readonly method: string; readonly path: string; readonly body?: string | undefined };

/** What is wrong with the answer to a request; undefined for nothing. */
async function faultOf({ method, path, body }: Sent): Promise<string | undefined> {
  const what = `${method} ${path.slice(0, 200)} ${body?.slice(0, 200) ?? ''}`;
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const asked = ask({ url: new URL(path, platform.url), method, headers, body, patience: PATIENCE_MS });
  return asked.then(
    ({ status, text }) => (status >= 500 ? `${what} answered ${status}: ${text.slice(0, 200)}` : undefined),
    (error) => `${what} was not answered: ${error}`,
  );
}

/** Sends some of them, four at a time; answers what went wrong. */
async function faultsOf(all: readonly Sent[], most: number): Promise<string[]> {
  const random = createRandom(SEED);
  const waiting = all.filter(() => random() < most / all.length);
  const faults: string[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const fault = await faultOf(next);
      if (fault !== undefined) faults.push(fault);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return faults;
}

const filled = (path: string, key: string) => path.replaceAll(/\{[^}]+\}/g, key);
const encoded = (text: string) => (text.includes('%') ? text : encodeURIComponent(text));

/** A body that is a sample but for one field. */
function bodyWith(request: Request, name: string, value: string): string {
  const whole: Json = { ...sample(request), name: `abused-${randomUUID()}` };
  const { [name]: _, ...rest } = whole;
  return `${JSON.stringify(rest).slice(0, -1)},${JSON.stringify(name)}:${value}}`;
}

it('refuses bodies that are not what is wanted, and breaks at none', async () => {
  const all = ofVerb('post', 'put', 'patch').flatMap((request) => {
    const { verb, path } = request.binding;
    const place = { method: verb.toUpperCase(), path: filled(path, String(made.get(collectionOf(request.binding)))) };
    const fields = bodyOf(request)?.fields ?? [];
    return [
      ...VALUES.map((body) => ({ ...place, body })),
      ...fields.flatMap(({ name }) => VALUES.map((value) => ({ ...place, body: bodyWith(request, name, value) }))),
    ];
  });
  expect(await faultsOf(all, BODIES)).toEqual([]);
});

it('answers every query and every key', async () => {
  const queries = ofVerb('get').flatMap(({ operation, binding }) =>
    operation.input.fields
      .filter(({ name }) => !binding.parameters.includes(name))
      .flatMap(({ name }) =>
        [...TEXTS, ...LONG].map((text) => ({
          method: 'GET',
          path: `${filled(binding.path, randomUUID())}?${name}=${encoded(text)}`,
        })),
      ),
  );
  const keys = requests
    .filter(({ binding }) => binding.parameters.length > 0)
    .flatMap(({ binding: { verb, path } }) =>
      KEYS.map((key) => ({
        method: verb.toUpperCase(),
        path: filled(path, encoded(key)),
        body: verb === 'get' || verb === 'delete' ? undefined : '{}',
      })),
    );
  expect([...(await faultsOf(queries, QUERIES)), ...(await faultsOf(keys, PATHS))]).toEqual([]);
});

it('shows nothing to somebody without permissions, and lets them change nothing', async () => {
  const { pk } = await api.post('/core/users/', { username: 'nobody', name: 'Nobody' });
  await api.post('/core/tokens/', { identifier: 'nobody', intent: 'api', user: pk });
  const { key } = await api.get('/core/tokens/nobody/view_key/');
  const theirs = apiOf({ url: platform.url, token: String(key) });
  const allowed: string[] = [];
  for (const { binding } of ofVerb('post', 'put', 'patch', 'delete')) {
    // What somebody was told is theirs.
    if (binding.path.includes('/notifications/')) continue;
    const path = filled(binding.path, String(made.get(collectionOf(binding))));
    const { status } = await theirs.send(binding.verb.toUpperCase(), path, {});
    if (status < 400 || status >= 500) allowed.push(`${binding.verb} ${path} ${status}`);
  }
  for (const [path, own] of made) {
    const { text } = await theirs.send('GET', path);
    if (text.includes(String(own))) allowed.push(`get ${path}`);
  }
  expect(allowed).toEqual([]);
});

const HEAD = 'version: 1\nentries:\n';
const group = (name: string, rest = '') => `  - model: authentik_core.group\n    identifiers: {name: ${name}}\n${rest}`;
const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]']
  .concat(Array.from({ length: 11 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`))
  .join('\n');

it.each([
  ['an alias bomb', `${bomb}\n${HEAD}`],
  ['an alias within its anchor', 'version: 1\ncontext: &c\n  x: *c\nentries: []'],
  ['a document that is too deep', `${HEAD}${'['.repeat(100_000)}`],
  ['objects of a language', 'a: !!python/object/apply:os.system ["id"]'],
  ['a circle', `${HEAD}${group('one', '    id: a\n    attrs: {parent: !KeyOf b}\n')}${group('two', '    id: b\n')}`],
  ['a file elsewhere', `${HEAD}${group('leak', '    attrs: {attributes: {x: !File /etc/passwd}}\n')}`],
  ['a file above', `${HEAD}${group('leak', '    attrs: {attributes: {x: !File "../../../etc/passwd"}}\n')}`],
  ['a text of a gigabyte', `${HEAD}${group('!Format ["%999999999d", 1]')}`],
])('refuses a blueprint with %s', async (_what, content) => {
  const { status, body } = await api.send('POST', '/managed/blueprints/', { name: randomUUID(), content });
  expect([status, Object.keys(body)]).toEqual([400, ['content']]);
  expect(await api.list('/core/groups/?search=leak')).toEqual([]);
});

it('takes a blueprint of thousands of entries without keeping anybody waiting', async () => {
  const content = HEAD + Array.from({ length: 5_000 }, (_, at) => group(`many-${at}`)).join('');
  const making = api.send('POST', '/managed/blueprints/', { name: 'many', content, enabled: false });
  const begin = performance.now();
  await api.get('/core/users/me/');
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect((await making).status).toBe(201);
  expect(await api.list('/core/groups/?search=many')).toEqual([]);
});

it('stops programs that never end or want everything, and says so', async () => {
  const { user } = await api.get('/core/users/me/');
  for (const expression of ['while True: pass', 'x = []\nwhile True: x.append("x" * 10**6)', 'return 9**9**9']) {
    const { pk } = await api.post('/policies/expression/', { name: randomUUID(), expression });
    const answer = await api.post(`/policies/all/${pk}/test/`, { user: (user as Json).pk, context: {} });
    expect(answer).toMatchObject({ passing: false, messages: [expect.stringContaining('The expression')] });
  }
});
