/** `oidc-provider` in a process of its own: what another OpenID provider costs on this machine. Told where its data goes, it says where it serves. */

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import pg from 'pg';
import { PEER_INDEXES, PEER_TABLE, peerAdapter } from './peer.adapter.ts';
import { PEER_CLIENT, type PeerPlan, type PeerTokens } from './peer.ts';

const SCOPE = 'openid profile email offline_access';
const HOUR = 3_600;
const DAY = 86_400;
const ACCOUNT = 'f'.repeat(64);
const CLAIMS = {
  sub: ACCOUNT,
  email: 'ada@example.com',
  email_verified: true,
  name: 'Ada Lovelace',
  given_name: 'Ada Lovelace',
  preferred_username: 'ada',
  nickname: 'ada',
};

function keys() {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return [
    { ...ec, alg: 'ES256', use: 'sig', kid: 'ec' },
    { ...rsa, alg: 'RS256', use: 'sig', kid: 'rsa' },
  ];
}

async function storageOf({ databaseUrl }: PeerPlan) {
  if (databaseUrl === undefined) return {};
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  for (const statement of [PEER_TABLE, ...PEER_INDEXES]) await pool.query(statement);
  return { adapter: (kind: string) => peerAdapter(pool, kind) };
}

async function createProvider(issuer: string, plan: PeerPlan): Promise<Provider> {
  const provider = new Provider(issuer, {
    ...(await storageOf(plan)),
    clients: [
      {
        ...PEER_CLIENT,
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        redirect_uris: ['https://app.example.com/callback'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: keys() },
    cookies: { keys: ['not used'] },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'preferred_username', 'nickname'],
      email: ['email', 'email_verified'],
    },
    findAccount: (_context, accountId) => ({ accountId, claims: () => CLAIMS }),
    rotateRefreshToken: true,
    ttl: { AccessToken: HOUR, ClientCredentials: HOUR, Grant: 30 * DAY, IdToken: HOUR, RefreshToken: 30 * DAY },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        useGrantedResource: () => false,
        // A resource is named after the algorithm that its tokens are signed with.
        getResourceServerInfo: (_context, resource) => ({
          scope: 'profile',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: resource.endsWith('rs256') ? 'RS256' : 'ES256' } },
        }),
      },
    },
  });
  provider.on('server_error', (_context, error) => process.stderr.write(`oidc-provider: ${error.stack}\n`));
  return provider;
}

/** Tokens as a person's authorization gives them, each with a grant of its own. */
async function issue(provider: Provider, count: number): Promise<PeerTokens> {
  const client = await provider.Client.find(PEER_CLIENT.client_id);
  if (client === undefined) throw new Error('the client is unknown');
  const one = async () => {
    const grant = new provider.Grant({ accountId: ACCOUNT, clientId: client.clientId });
    grant.addOIDCScope(SCOPE);
    const grantId = await grant.save();
    const shared = { client, accountId: ACCOUNT, scope: SCOPE, grantId, gty: 'authorization_code' };
    const authTime = Math.floor(Date.now() / 1_000);
    const refresh = new provider.RefreshToken({ ...shared, authTime, expiresWithSession: false });
    const access = new provider.AccessToken({ ...shared, expiresWithSession: false });
    return { refresh: await refresh.save(), access: await access.save() };
  };
  return Promise.all(Array.from({ length: count }, one));
}

async function serve(plan: PeerPlan): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const provider = await createProvider(`http://127.0.0.1:${address.port}`, plan);
  server.on('request', provider.callback());
  process.on('message', (count: number) => {
    issue(provider, count).then(
      (tokens) => process.send?.(tokens),
      (error: unknown) => {
        process.stderr.write(`${error}\n`);
        process.exit(1);
      },
    );
  });
  process.send?.(address.port);
}

process.once('message', (plan: PeerPlan) => void serve(plan));
process.once('disconnect', () => process.exit());
