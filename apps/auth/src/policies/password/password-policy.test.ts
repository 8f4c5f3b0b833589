import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEgress } from '@postern/egress';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../plans/index.ts';
import type { PolicyQuestion } from '../policy.question.ts';
import { createPasswordPolicy, passwordFamily } from './kind.ts';
import { createLeakedPasswords, type LeakedSettings } from './leaked.settings.ts';
import { sha1Of } from './leaked.ts';
import { createPasswordStrength } from './strength.ts';

// The service of leaked passwords, as it speaks: `password` has leaked 42 times; nothing else has.
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url === '/5BAA6')
    response.end('0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:42');
  else response.writeHead(request.url === '/00000' ? 200 : 503).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => void server.close());
const { port } = server.address() as AddressInfo;

const egress = createEgress({ allow: ['127.0.0.0/8'] });
const folder = await mkdtemp(join(tmpdir(), 'postern-leaked-'));
const SETTINGS = { enabled: true, url: `http://127.0.0.1:${port}/`, file: undefined, dir: undefined };
afterAll(async () => {
  await egress.close();
  await rm(folder, { recursive: true });
});

const kindWith = (settings: Partial<LeakedSettings> = {}) =>
  createPasswordPolicy({
    leaked: createLeakedPasswords({ ...SETTINGS, ...settings }, egress),
    strength: createPasswordStrength(),
    personOf: async () => ({ username: 'wilhelmina', name: 'Wilhelmina Quist', email: 'w@example.com' }),
    brandTitle: async () => 'Kolibriwerke',
  });
const online = kindWith();
const client = { address: '', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'r' };
const user = { kind: 'account', pk: 7, uuid: 'u', username: 'wilhelmina' } as const;
const question: PolicyQuestion = { tenant: 't', target: 'x', mode: 'all', user, context: {}, query: '', client };
const policy = { pk: 'p', kind: 'password', name: 'p', logging: false, settings: {} };

function judge(password: string | undefined, settings: Record<string, string | number | boolean>, kind = online) {
  const context = password === undefined ? {} : { prompt_data: { password } };
  const run = { timeout: 5, signal: AbortSignal.timeout(5_000) };
  return kind.evaluate(readSettings(passwordFamily.settings, settings), { ...question, context }, run, policy);
}

it('refuses when there is no password to judge', async () => {
  const missing = { passing: false, messages: ['Password not set in context'] };
  expect(await judge(undefined, {})).toEqual(missing);
  expect(await judge('', {})).toEqual(missing);
});

it.each([
  [{ length_min: 5 }, 'äöüß', 'äöüßx'],
  [{ amount_digits: 2 }, 'a1', 'a12'],
  [{ amount_uppercase: 2 }, 'abC', 'aBC'],
  [{ amount_lowercase: 2 }, 'ABc', 'Abc'],
  [{ amount_symbols: 2 }, 'a!b', 'a!b?'],
  [{ amount_symbols: 1, symbol_charset: '§' }, '!', '§'],
])('with the rules %j refuses %s and lets %s pass', async (rules, bad, good) => {
  const refused = { passing: false, messages: ['no good'] };
  expect(await judge(bad, { ...rules, error_message: 'no good' })).toEqual(refused);
  expect(await judge(good, { ...rules, error_message: 'no good' })).toEqual({ passing: true });
  expect(await judge(bad, { ...rules, check_static_rules: false })).toEqual({ passing: true });
});

it('refuses what has leaked, and tells the service no more than five digits of its hash', async () => {
  const rules = { check_have_i_been_pwned: true };
  expect(await judge('password', rules)).toEqual({ passing: false, messages: ['Password exists on 42 online lists.'] });
  expect(await judge('password', { ...rules, hibp_allowed_count: 42 })).toEqual({ passing: true });
  expect(new Set(asked)).toEqual(new Set(['/5BAA6']));
});

it('reaches no service in the own network that nobody allowed', async () => {
  const closed = createEgress({ allow: [] });
  const kind = createPasswordPolicy({
    leaked: createLeakedPasswords(SETTINGS, closed),
    strength: createPasswordStrength(),
    personOf: async () => undefined,
    brandTitle: async () => '',
  });
  const before = asked.length;
  await expect(judge('password', { check_have_i_been_pwned: true }, kind)).rejects.toThrow('cannot be looked up');
  expect(asked.length).toBe(before);
  await closed.close();
});

describe('without the service', () => {
  const rules = { check_have_i_been_pwned: true };
  // Three hundred passwords, among them the first and the last of the list, with counts of every length.
  const leaked = Array.from({ length: 300 }, (_, index) => ({ password: `leaked ${index}`, count: 3 ** (index % 20) }));
  const lines = leaked.map(({ password, count }) => `${sha1Of(password)}:${count}`).toSorted();

  it.each(['\r\n', '\n'])('finds every password of a sorted file with ends %j, and no other', async (end) => {
    const file = join(folder, 'sorted.txt');
    for (const last of ['', end]) {
      await writeFile(file, lines.join(end) + last);
      const kind = kindWith({ file });
      for (const { password, count } of leaked)
        expect(await judge(password, rules, kind)).toMatchObject({
          messages: [`Password exists on ${count} online lists.`],
        });
      for (let other = 0; other < 50; other += 1)
        expect(await judge(`good ${other}`, rules, kind)).toEqual({ passing: true });
    }
    await writeFile(file, '');
    expect(await judge('leaked 1', rules, kindWith({ file }))).toEqual({ passing: true });
  });

  it('finds passwords in a folder of ranges, under either name', async () => {
    for (const [index, password] of ['one', 'two'].entries()) {
      const hash = sha1Of(password);
      const range = `0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n${hash.slice(5)}:${index + 7}\r\n`;
      await writeFile(join(folder, `${hash.slice(0, 5)}${index === 0 ? '' : '.txt'}`), range);
      expect(await judge(password, rules, kindWith({ dir: folder }))).toMatchObject({
        messages: [`Password exists on ${index + 7} online lists.`],
      });
    }
  });

  it('fails, rather than pass, for a file that is not there or no list, and a range that is missing', async () => {
    const file = join(folder, 'no-list.txt');
    await writeFile(file, 'this is not what it should be\n'.repeat(20));
    const broken = [{ file }, { file: join(folder, 'absent') }, { dir: join(folder, 'absent') }, { dir: folder }];
    for (const settings of broken)
      await expect(judge('unlisted', rules, kindWith(settings))).rejects.toThrow('cannot be looked up');
  });

  it('is refused at save where look-ups are turned off, and fails', async () => {
    const kind = kindWith({ enabled: false });
    const wanted = readSettings(passwordFamily.settings, rules);
    expect(await kind.check?.(wanted, { tenant: 't' })).toMatchObject({
      violations: [{ field: 'check_have_i_been_pwned', reason: 'LEAKED_PASSWORDS_OFF' }],
    });
    expect(await kind.check?.(readSettings(passwordFamily.settings, {}), { tenant: 't' })).toBeUndefined();
    expect(await online.check?.(wanted, { tenant: 't' })).toBeUndefined();
    await expect(judge('password', rules, kind)).rejects.toThrow('not looked up in this installation');
  });
});

it('fails, rather than pass, when nobody says whether a password has leaked', async () => {
  await expect(judge('another', { check_have_i_been_pwned: true })).rejects.toThrow('cannot be looked up');
});

it('refuses what is easily guessed, the names of the person included', async () => {
  const rules = { check_zxcvbn: true };
  expect(await judge('Tr0ub4dour&3-plinth-osprey', rules)).toEqual({ passing: true });
  for (const weak of ['password1', 'wilhelmina', 'kolibriwerke']) {
    const { passing, messages } = await judge(weak, rules);
    expect({ passing, first: messages?.[0] }).toEqual({ passing: false, first: 'Password is too weak.' });
  }
});
