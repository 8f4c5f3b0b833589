import type { EgressResponse } from '@postern/egress';

export type TokenDeps = {
  get(url: string, headers: Record<string, string>): Promise<EgressResponse>;
  readonly basic: string | undefined;
  readonly name: string;
  readonly origin: string;
};

/**
 * Gets the token that a registry asks for (`WWW-Authenticate: Bearer realm="...",service="..."`), for reading one repository. Undefined where it asks for
 * something else, or gives none. Credentials never travel to a realm without TLS, unless the registry itself has none.
 */
export async function askForToken(
  challenge: string,
  { get, basic, name, origin }: TokenDeps,
): Promise<string | undefined> {
  const [, parameters] = /^Bearer\s+(.*)$/is.exec(challenge) ?? [];
  if (parameters === undefined) return undefined;
  const given = new Map(
    [...parameters.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
  );
  const realm = given.get('realm') ?? '';
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (url.protocol !== 'https:' && url.origin !== origin) return undefined;
  const service = given.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${name}:pull`);
  const answer = await get(url.href, { accept: 'application/json', ...(basic && { authorization: basic }) });
  if (answer.status !== 200) return undefined;
  const token = tokenOf(answer.body);
  return token === undefined ? undefined : `Bearer ${token}`;
}

function tokenOf(body: Buffer): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const token: unknown = Reflect.get(parsed, 'token') ?? Reflect.get(parsed, 'access_token');
    return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
