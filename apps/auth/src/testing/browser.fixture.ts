import type { Principal, ReceivedHead } from '@postern/rpc';
import type { AuthClients } from './auth.fixture.ts';

type Deps = {
  readonly tenant: string;
  readonly clients: AuthClients;
  readonly as: (principal: Principal, given?: object) => { context: { principal: string; client: string } };
};

type Answer = Readonly<Record<string, unknown>>;

const LOGIN = 'default-authentication-flow';

/** A browser: it keeps its session cookie, and the edge asks who it is before every call. */
export function aBrowser({ tenant, clients, as }: Deps) {
  const jar: { cookie?: string; maxAge?: number | undefined; cookies: Record<string, string> } = { cookies: {} };
  const gateway: Principal = { kind: 'service', tenant, name: 'gateway' };

  const resolve = () => clients.principals.resolvePrincipal({ session: jar.cookie ?? '' }, as(gateway));

  async function call(slug: string, response?: Answer, query = ''): Promise<Answer> {
    const anonymous: Principal = { kind: 'anonymous', tenant };
    const { client } = as(gateway, { path: `/api/v3/flows/executor/${slug}/`, cookies: { ...jar.cookies } }).context;
    const principal = jar.cookie === undefined ? as(anonymous).context.principal : (await resolve()).principal;
    const heads: ReceivedHead[] = [];
    const options = { onHead: (head: ReceivedHead) => void heads.push(head) };
    const origin = { context: { principal, client } };
    const answer =
      response === undefined
        ? await clients.executor.getChallenge({ flow_slug: slug, query }, origin, options)
        : await clients.executor.solveChallenge({ flow_slug: slug, query, response }, origin, options);
    const [head] = heads;
    const cookie = head?.cookies.find(({ name }) => name === 'authentik_session');
    for (const { name, value } of head?.cookies ?? []) jar.cookies[name] = value;
    if (cookie) Object.assign(jar, { cookie: cookie.value, maxAge: cookie.maxAge });
    if (head?.status === 302) return call(slug, undefined, query);
    const [challenge = {}] = Object.values(answer).filter((member) => member !== undefined);
    return challenge;
  }

  return {
    jar,
    resolve,
    call,
    async signIn(username: string, password: string): Promise<Answer> {
      await call(LOGIN);
      await call(LOGIN, { uid_field: username });
      return call(LOGIN, { password });
    },
    signOut: () => call('default-invalidation-flow'),
  };
}
