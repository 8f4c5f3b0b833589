import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { readSettings } from '../../plans/index.ts';
import type { PolicyQuestion } from '../policy.question.ts';
import { createPasswordPolicy, passwordFamily } from './kind.ts';
import { createLeakedPasswords } from './leaked.client.ts';
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

const kind = createPasswordPolicy({
  leaked: createLeakedPasswords({ fetch, address: `http://127.0.0.1:${port}/` }),
  strength: createPasswordStrength(),
  personOf: async () => ({ username: 'wilhelmina', name: 'Wilhelmina Quist', email: 'w@example.com' }),
});
const client = { address: '', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'r' };
const user = { kind: 'account', pk: 7, uuid: 'u', username: 'wilhelmina' } as const;
const question: PolicyQuestion = { tenant: 't', target: 'x', mode: 'all', user, context: {}, query: '', client };
const policy = { pk: 'p', kind: 'password', name: 'p', logging: false, settings: {} };

function judge(password: string | undefined, settings: Record<string, string | number | boolean>) {
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

it('fails, rather than pass, when nobody says whether a password has leaked', async () => {
  await expect(judge('another', { check_have_i_been_pwned: true })).rejects.toThrow('cannot be looked up');
});

it('refuses what is easily guessed, the names of the person included', async () => {
  const rules = { check_zxcvbn: true };
  expect(await judge('Tr0ub4dour&3-plinth-osprey', rules)).toEqual({ passing: true });
  for (const weak of ['password1', 'wilhelmina']) {
    const { passing, messages } = await judge(weak, rules);
    expect({ passing, first: messages?.[0] }).toEqual({ passing: false, first: 'Password is too weak.' });
  }
});
