/**
 * Token requests that nobody should send. A model beside the product knows every code and refresh token, whose it is and whether it is used up: nothing
 * may be issued that the model does not allow, and what is issued carries no scope that was not granted.
 */

import type { providers } from '@postern/proto';
import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import { TOKEN_EXCHANGE_GRANT } from '../../client-settings/index.ts';
import { CALLBACK } from '../client.fixture.ts';
import type { Protocol } from '../conformance/browser.fixture.ts';
import { ADA, PKCE } from '../protocol.fixture.ts';
import { TOKEN_TYPES } from '../token-exchange/index.ts';
import { outcomeOf } from './outcome.fixture.ts';
import { type Dice, ODD } from './random.fixture.ts';

type Fields = Partial<providers.ExchangeTokenRequest>;

/** Something that entitles its owner once, and what hangs on it. */
type Held = {
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly family: { isOver: boolean };
  isUsed: boolean;
};
type Code = Held & { readonly hasChallenge: boolean };

/** What the model knows. */
type Model = {
  readonly codes: Map<string, Code>;
  readonly refresh: Map<string, Held>;
  readonly access: Map<string, Held>;
};

const CONFIDENTIAL = ['web', 'other'] as const;
const CLIENTS = [...CONFIDENTIAL, 'spa', 'nobody'] as const;
const GRANTS = [
  'authorization_code',
  'authorization_code',
  'authorization_code',
  'refresh_token',
  'refresh_token',
  'client_credentials',
  'password',
  TOKEN_EXCHANGE_GRANT,
  'urn:ietf:params:oauth:grant-type:device_code',
  'implicit',
] as const;
const SCOPES = [
  '',
  'openid',
  'openid email',
  'email profile',
  'goauthentik.io/api',
  'openid offline_access root',
] as const;
/** Scopes that clients of these cases may be given, whatever they ask for. */
const CONFIGURED = ['openid', 'email', 'profile', 'offline_access'];

type Sent = { readonly fields: Fields; readonly headers: Record<string, string> };

/** Sends so many of them. */
export async function fuzzRedemptions(protocol: Protocol, dice: Dice, cases: number): Promise<void> {
  await settle(protocol);
  const model: Model = { codes: new Map(), refresh: new Map(), access: new Map() };
  const issued: Record<string, number> = {};
  for (let at = 0; at < cases; at += 1) {
    if (at % 8 === 0) await give(protocol, dice, model);
    const sent = aRequest(dice, model);
    const told = () => JSON.stringify(sent);
    const outcome = await outcomeOf(protocol.exchange(sent.fields, { headers: sent.headers }), told);
    const grant = sent.fields.grant_type ?? '';
    const verdict = judge(sent, model);
    if ('reason' in outcome) {
      forget(sent, model);
      continue;
    }
    issued[grant] = (issued[grant] ?? 0) + 1;
    if (!verdict) expect.fail(`tokens for ${told()}`);
    note(sent, outcome.answer, verdict, model, told);
  }
  for (const grant of ['authorization_code', 'refresh_token', 'client_credentials', 'password', TOKEN_EXCHANGE_GRANT])
    expect(issued[grant] ?? 0, grant).toBeGreaterThan(0);
}

async function settle({ client, world }: Protocol): Promise<void> {
  const grantTypes = [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'password',
    TOKEN_EXCHANGE_GRANT,
  ] as const;
  for (const name of CONFIDENTIAL) await client(name, { settings: { grantTypes } });
  await client('spa', { clientType: 'public' });
  world.appPasswords.set('robot:right', { user: ADA, identifier: 'robot' });
  for (const name of CONFIDENTIAL) world.accounts.set(`ak-${name}-client_credentials`, ADA);
}

/** A new code, and now and then the tokens for it. */
async function give({ aCode, redeem }: Protocol, { one, chance }: Dice, model: Model): Promise<void> {
  const owner = one(['web', 'other', 'spa'] as const);
  const hasChallenge = owner === 'spa' || chance(0.5);
  const scopes = one<readonly string[]>([['openid'], ['openid', 'email'], ['openid', 'offline_access']]);
  const { code } = await aCode(owner, { scope: scopes.join(' '), ...(hasChallenge ? PKCE.challenge : {}) });
  const held = { owner, scopes, family: { isOver: false }, isUsed: false, hasChallenge };
  model.codes.set(code, held);
  if (!chance(0.5)) return;
  const proof = hasChallenge ? { code_verifier: PKCE.verifier } : {};
  const tokens = await redeem(owner, code, { ...proof, ...(owner === 'spa' ? { client_secret: '' } : {}) });
  held.isUsed = true;
  remember(tokens, held, model);
}

function remember(tokens: providers.ExchangeTokenResponse, from: Held, { refresh, access }: Model): void {
  const { owner, scopes, family } = from;
  access.set(tokens.access_token, { owner, scopes, family, isUsed: false });
  if (tokens.refresh_token) refresh.set(tokens.refresh_token, { owner, scopes, family, isUsed: false });
}

function aRequest(dice: Dice, model: Model): Sent {
  const { one, chance } = dice;
  const pick = <T extends Held>(from: Map<string, T>) => lately(from, dice);
  const [code, held] = pick(model.codes) ?? ['', undefined];
  const [refresh_token, family] = pick(model.refresh) ?? ['', undefined];
  const [subject_token, subject] = pick(model.access) ?? ['', undefined];
  const grant_type = one(GRANTS);
  const named = new Map<string, Held | undefined>([
    ['authorization_code', held],
    ['refresh_token', family],
    [TOKEN_EXCHANGE_GRANT, subject],
  ]).get(grant_type);
  const client = chance(0.75) ? (named?.owner ?? one(CLIENTS)) : one(CLIENTS);
  const rest: Fields = {
    ...(chance(0.9) ? { code, redirect_uri: chance(0.9) ? CALLBACK : one([`${CALLBACK}/`, '', ...ODD]) } : {}),
    ...(held?.hasChallenge === chance(0.9) ? { code_verifier: chance(0.9) ? PKCE.verifier : one(ODD) } : {}),
    ...(chance(0.9) ? { refresh_token } : {}),
    ...(chance(0.5)
      ? { subject_token, subject_token_type: one([TOKEN_TYPES.access, TOKEN_TYPES.access, TOKEN_TYPES.id, '']) }
      : {}),
    ...(grant_type === 'password' || chance(0.1)
      ? { username: 'robot', password: one(['right', 'right', 'wrong', '']) }
      : {}),
    ...(chance(0.4) ? { scope: one(SCOPES) } : {}),
    ...(chance(0.05) ? { audience: [one(['web', 'other', ...ODD])] } : {}),
    ...(chance(0.05) ? { resource: [one(['https://api.example/', ...ODD])] } : {}),
    ...(chance(0.05) ? { actor_token: subject_token, actor_token_type: TOKEN_TYPES.access } : {}),
  };
  const sent = proving(client, grant_type, rest, dice);
  if (!chance(0.2)) return sent;
  // One field is something else altogether.
  const name = one(FIELDS);
  return { ...sent, fields: { ...sent.fields, [name]: one(ODD) } };
}

const FIELDS = [
  'grant_type',
  'client_id',
  'client_secret',
  'code',
  'redirect_uri',
  'code_verifier',
  'refresh_token',
  'scope',
  'username',
  'password',
  'client_assertion',
  'client_assertion_type',
  'subject_token',
  'subject_token_type',
  'device_code',
] as const;

/** One of the newest: an older one is used up, most likely. */
function lately<T>(from: Map<string, T>, { roll }: Dice): [string, T] | undefined {
  const newest = [...from].slice(-6);
  return newest[Math.floor(roll() * newest.length)];
}

function proving(client: string, grant_type: string, rest: Fields, { one, chance }: Dice): Sent {
  const secret = chance(0.85) ? `${client} secret` : one(['', 'wrong', 'other secret', ...ODD]);
  const bare = chance(0.1) || client === 'spa' ? '' : secret;
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const headers: Record<string, string> = chance(0.03) ? { dpop: one(ODD) } : {};
  if (!chance(0.3)) return { fields: { ...rest, grant_type, client_id: client, client_secret: bare }, headers };
  const header = chance(0.9)
    ? basic(`${client}:${secret}`)
    : { authorization: one(['Basic', 'Basic !', 'Bearer x', ...ODD]) };
  const twice = chance(0.1) ? { client_id: one(CLIENTS), client_secret: one(['', 'web secret']) } : {};
  return { fields: { ...rest, grant_type, ...twice }, headers: { ...headers, ...header } };
}

/** Who a request proves to be; undefined for nobody. Worked out by the letter of RFC 6749, section 2.3. */
function provenBy({ fields, headers }: Sent): string | undefined {
  const { client_id = '', client_secret = '', client_assertion = '', client_assertion_type = '' } = fields;
  const [, encoded] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (client_assertion !== '' || client_assertion_type !== '') return undefined;
  if (encoded === undefined) return isClient(client_id, client_secret) ? client_id : undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  if (client_secret !== '' || (client_id !== '' && client_id !== id)) return undefined;
  return isClient(id, secret.join(':')) ? id : undefined;
}

function isClient(id: string, secret: string): boolean {
  return id === 'spa' || (CONFIDENTIAL.some((name) => name === id) && secret === `${id} secret`);
}

/** Scopes that a request may get, or undefined where it may get nothing. */
function judge(sent: Sent, model: Model): readonly string[] | undefined {
  const { fields } = sent;
  const client = provenBy(sent);
  const { code = '', redirect_uri, code_verifier = '', refresh_token = '', subject_token = '' } = fields;
  const isWith = (held: Held | undefined) =>
    held && held.owner === client && !held.isUsed && !held.family.isOver ? held : undefined;
  switch (fields.grant_type) {
    case 'authorization_code': {
      const held = model.codes.get(code);
      const isProven = code_verifier === (held?.hasChallenge ? PKCE.verifier : '');
      return redirect_uri === CALLBACK && isProven ? isWith(held)?.scopes : undefined;
    }
    case 'refresh_token':
      return isWith(model.refresh.get(refresh_token))?.scopes;
    case TOKEN_EXCHANGE_GRANT:
      return client === 'spa' ? undefined : isWith(model.access.get(subject_token))?.scopes;
    case 'client_credentials':
    case 'password':
      return mayProgram(sent, client) ? CONFIGURED : undefined;
    default:
      return undefined;
  }
}

/** A program by its app password, for any client whose secret is not wrong; or the client itself. */
function mayProgram({ fields, headers }: Sent, client: string | undefined): boolean {
  const { username = '', password = '', client_id = '', client_secret = '' } = fields;
  const isBare = client_secret === '' && !/^Basic +\S/i.test(headers.authorization ?? '');
  const isNamed = client_id === 'spa' || CONFIDENTIAL.some((name) => name === client_id);
  if (username !== '' || password !== '')
    return username === 'robot' && password === 'right' && (client !== undefined || (isBare && isNamed));
  return client !== undefined && client !== 'spa';
}

/** What was issued, and what is used up by it. */
function note(
  { fields }: Sent,
  tokens: providers.ExchangeTokenResponse,
  allowed: readonly string[],
  model: Model,
  told: () => string,
): void {
  const { grant_type, code = '', refresh_token = '' } = fields;
  const held = grant_type === 'authorization_code' ? model.codes.get(code) : model.refresh.get(refresh_token);
  const granted = (tokens.scope ?? '').split(' ').filter(Boolean);
  if (granted.some((scope) => !allowed.includes(scope))) expect.fail(`${granted} for ${told()}`);
  const claims = decodeJwt(tokens.access_token);
  expect(
    [claims.aud].flat().every((name) => ['web', 'other', 'spa'].includes(String(name))),
    told(),
  ).toBe(true);
  if (!held || (grant_type !== 'authorization_code' && grant_type !== 'refresh_token')) {
    expect(tokens.refresh_token, told()).toBeUndefined();
    return;
  }
  held.isUsed = true;
  remember(tokens, held, model);
}

/** A refused request of the owner may have been a second use: everything of that family is over then. A proof of a key is looked at before. */
function forget(sent: Sent, { codes, refresh }: Model): void {
  const { grant_type, code = '', refresh_token = '' } = sent.fields;
  const held = grant_type === 'authorization_code' ? codes.get(code) : refresh.get(refresh_token);
  const isLookedAt = held?.owner === provenBy(sent) && sent.headers.dpop === undefined;
  if (held?.isUsed && isLookedAt && isReuse(grant_type)) held.family.isOver = true;
}

function isReuse(grant: string | undefined): boolean {
  return grant === 'authorization_code' || grant === 'refresh_token';
}
