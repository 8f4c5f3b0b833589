import type { ClaimWish, ClaimWishes } from '../claims/index.ts';
import { ACR } from '../vocabulary.ts';
import type { RequestedClaims } from './authorization.ts';

/** The most claims that one request may name. */
const MOST = 100;

/** Reads the parameter `claims`: OpenID Connect Core, section 5.5. Members that nobody knows are passed over. */
export function readClaims(text: string): RequestedClaims | 'malformed' {
  const parsed = parse(text);
  if (!isObject(parsed)) return 'malformed';
  const [idToken, userInfo] = [wishesOf(parsed.id_token), wishesOf(parsed.userinfo)];
  return idToken && userInfo ? { idToken, userInfo } : 'malformed';
}

/** The names that a request wants the person to have: section 5.5.1, a value for `sub`. Undefined for any. */
export function subjectsIn({ idToken, userInfo }: RequestedClaims): readonly string[] | undefined {
  const wished = [idToken.sub, userInfo.sub].flatMap(valuesOf);
  return wished.length === 0 ? undefined : wished.filter((value) => typeof value === 'string');
}

/** Whether the class of our sign-ins would do: section 5.5.1.1 has an essential `acr` met or the request refused. */
export function isClassMet({ idToken: { acr } }: RequestedClaims): boolean {
  const values = valuesOf(acr);
  return acr?.essential !== true || values.length === 0 || values.includes(ACR);
}

function valuesOf(wish: ClaimWish | null | undefined): readonly unknown[] {
  if (!wish) return [];
  return [...(wish.value === undefined ? [] : [wish.value]), ...(wish.values ?? [])];
}

function wishesOf(member: unknown): ClaimWishes | undefined {
  if (member === undefined || member === null) return {};
  if (!isObject(member)) return undefined;
  const entries = Object.entries(member);
  if (entries.length > MOST) return undefined;
  const wishes = entries.map(([name, wish]) => [name, wishOf(wish)] as const);
  const known = wishes.flatMap(([name, wish]) => (wish === undefined ? [] : [[name, wish] as const]));
  return known.length === wishes.length ? Object.fromEntries(known) : undefined;
}

function wishOf(wish: unknown): ClaimWish | null | undefined {
  if (wish === null) return null;
  if (!isObject(wish)) return undefined;
  const { essential, value, values } = wish;
  if (values !== undefined && !Array.isArray(values)) return undefined;
  return {
    ...(essential === true ? { essential } : {}),
    ...(value === undefined ? {} : { value }),
    ...(values === undefined ? {} : { values }),
  };
}

function parse(text: string): unknown {
  // Rows hold it as JSON, where PostgreSQL takes no NUL.
  if (/\\u0000/i.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
