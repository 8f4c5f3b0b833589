/** Signed tokens with something wrong about them, and what is known of each. */

import { CompactSign } from 'jose';
import type { Dice } from './random.fixture.ts';

export type SigningKey = Parameters<CompactSign['sign']>[0];
export type Claims = Readonly<Record<string, unknown>>;

/** A token as it is sent, with what its maker knows. */
export type Made = {
  readonly text: string;
  /** What was signed, by the real key; undefined for what that key never signed like this. */
  readonly signed: { readonly header: Claims; readonly claims: Claims } | undefined;
};

/** How to make good tokens of a kind. */
export type Recipe = {
  readonly alg: string;
  readonly key: SigningKey;
  /** Another key of the same kind. */
  readonly stranger: SigningKey;
  /** What anybody may have, as the bytes of a secret. */
  readonly publicBytes: Uint8Array;
  readonly header: Claims;
  claims(): Claims;
};

const VALUES = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  [],
  {},
  [null],
  ['x', 'x'],
  { toString: 'x' },
  '\0',
  '💥',
  'x'.repeat(600),
] as const;
const HEADERS = ['alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'cty', 'zip', 'enc', 'p2c'] as const;
const HEADER_VALUES = [
  ...VALUES,
  'none',
  'None',
  'HS256',
  'RS256',
  'ES256',
  'ES384',
  'PS256',
  'EdDSA',
  'JWT',
  'at+jwt',
  'logout+jwt',
  'dpop+jwt',
  ['b64'],
  ['exp'],
  'https://evil.test/keys',
] as const;

/** Makes one token: good, or wrong in up to three ways. */
export async function mutated(recipe: Recipe, dice: Dice): Promise<Made> {
  const { chance, one } = dice;
  const claims = changed(recipe.claims(), dice, one([0, 0, 1, 1, 2] as const));
  const header = chance(0.3)
    ? withHeader({ alg: recipe.alg, ...recipe.header }, dice)
    : { alg: recipe.alg, ...recipe.header };
  const made = await signed(recipe, header, claims, dice);
  return chance(0.3) ? { text: twisted(made.text, dice), signed: undefined } : made;
}

function changed(claims: Claims, { one, chance }: Dice, times: number): Claims {
  const names = Object.keys(claims);
  let result = { ...claims };
  for (let at = 0; at < times; at += 1) {
    const name = names[Math.floor(one([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95] as const) * names.length)] ?? 'x';
    const { [name]: before, ...rest } = result;
    if (chance(0.3)) result = rest;
    else result = { ...rest, [name]: typeof before === 'number' && chance(0.5) ? before + one(SHIFTS) : one(VALUES) };
  }
  return result;
}

/** Seconds, near the limits and far from them. */
const SHIFTS = [-100_000, -600, -90, -61, -45, -20, 5, 20, 45, 90, 400, 700, 100_000] as const;

function withHeader(header: Claims, { one, chance }: Dice): Claims {
  const name = one(HEADERS);
  if (!chance(0.2)) return { ...header, [name]: one(HEADER_VALUES) };
  const { [name]: _gone, ...rest } = header;
  return rest;
}

async function signed(recipe: Recipe, header: Claims, claims: Claims, { chance, one }: Dice): Promise<Made> {
  const payload = Buffer.from(JSON.stringify(claims));
  const how = chance(0.6) ? 'real' : one(['stranger', 'secret', 'none', 'random'] as const);
  const text = `${part(header)}.${payload.toString('base64url')}`;
  if (how === 'none') return { text: `${text}.`, signed: undefined };
  if (how === 'random') return { text: `${text}.${'A'.repeat(86)}`, signed: undefined };
  const alg = how === 'secret' ? 'HS256' : recipe.alg;
  const key = how === 'real' ? recipe.key : how === 'stranger' ? recipe.stranger : recipe.publicBytes;
  // What is signed has to be what its header says, for the library that signs: another header is put in its place and then the signature is that of another text.
  const own: Record<string, unknown> & { alg: string } = { ...header, alg };
  const isHonest = header.alg === alg && !('crit' in header) && !('b64' in header);
  if (!isHonest) {
    const { crit: _crit, b64: _b64, ...plain } = own;
    const other = await new CompactSign(payload).setProtectedHeader(plain).sign(key);
    return { text: `${text}.${other.split('.')[2]}`, signed: undefined };
  }
  const made = await new CompactSign(payload).setProtectedHeader(own).sign(key);
  return { text: made, signed: how === 'real' ? { header: own, claims } : undefined };
}

/** The text with something wrong about it. Never one that says the same as before. */
function twisted(text: string, { one, roll }: Dice): string {
  const [head = '', body = '', signature = ''] = text.split('.');
  const at = Math.floor(roll() * Math.max(1, body.length - 1));
  return one([
    () => `${head}.${body}`,
    () => `${text}.${signature}`,
    () => `${head}.${body.slice(0, at)}${body.charAt(at) === 'A' ? 'B' : 'A'}${body.slice(at + 1)}.${signature}`,
    () => `${head}.${body}.${signature.slice(0, -8)}`,
    () => `${head}.${body}.${[...signature].toReversed().join('')}x`,
    () => `${body}.${head}.${signature}`,
    () => `.${body}.${signature}`,
    () => `${part({ alg: 'none' })}.${body}.`,
    () => `${part({ alg: 'ES256', alg2: 'none' })}.${body}.${signature}`,
    () => Buffer.from(text).toString('base64url'),
    () => JSON.stringify({ protected: head, payload: body, signature }),
    () => `${head}.${body}.${signature}, ${head}.${body}.${signature}`,
    () => 'x'.repeat(20_000),
    () => `${part('['.repeat(3_000))}.${body}.${signature}`,
  ] as const)();
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
