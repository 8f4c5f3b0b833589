import type { Installation } from '../installation.ts';
import { form } from '../load/form.ts';
import { connectHttp, type HttpRequest } from '../load/http.connection.ts';
import { expectStatus } from '../load/journey.ts';
import { signedIn } from '../people.ts';
import {
  type Algorithm,
  authorize,
  createRelyingParty,
  introspectionOf,
  type RelyingParty,
  redemptionOf,
} from '../relying-party.ts';
import { type Ask, type Operation, peerForm, repeated } from './ask.ts';
import type { Peer } from './peer.ts';

type Tokens = { access_token: string; refresh_token: string };

/** What is measured. Every person consents beforehand; tokens of the platform are JWT, and stored. */
export async function operationsOf(installation: Installation, user: string): Promise<Operation[]> {
  const es256 = await createRelyingParty(installation, 'ES256');
  const rs256 = await createRelyingParty(installation, 'RS256');
  const granted = async (count: number) => {
    const codes = await signedIn(installation, user, async (browser) => {
      const all: string[] = [];
      while (all.length < count) all.push(await authorize(browser, es256));
      return all;
    });
    return Promise.all(codes.map((code) => send(installation, redemptionOf(es256, code))));
  };
  const [{ access_token } = { access_token: '' }] = await granted(1);
  return [
    credentials(es256, 'ES256', 2_000),
    credentials(rs256, 'RS256', 900),
    {
      name: 'introspection',
      least: 6_000,
      ask: repeated(introspectionOf(es256, access_token)),
      peer: { name: 'introspection', ask: introspections },
    },
    {
      name: 'refresh with rotation, ES256',
      least: 1_200,
      ask: async (lanes) => {
        const tokens = (await granted(lanes)).map(({ refresh_token }) => refresh_token);
        return { journey: 'refresh', options: { tokens, client: es256.authorization } };
      },
      peer: { name: 'refresh with rotation, ES256', ask: refreshes },
    },
    {
      name: 'user info',
      least: 4_000,
      ask: repeated(userInfo('/application/o/userinfo/', access_token)),
      peer: { name: 'user info', ask: (peer) => async () => repeated(userInfo('/me', (await one(peer)).access))(1) },
    },
  ];
}

/** `oidc-provider` signs an access token or stores it, never both: it is asked for what it stores, unsigned. */
function credentials({ authorization }: RelyingParty, algorithm: Algorithm, least: number): Operation {
  const grant = { grant_type: 'client_credentials', scope: 'openid profile' };
  const isSigned = algorithm === 'RS256';
  const peerGrant = { grant_type: 'client_credentials', ...(isSigned ? { resource: 'urn:rs256' } : {}) };
  return {
    name: `client credentials, ${algorithm}, stored`,
    least,
    ask: repeated(form('/application/o/token/', authorization, grant)),
    peer: {
      name: `client credentials, ${isSigned ? 'signed, not stored by the other' : 'stored, not signed by the other'}`,
      ask: () => repeated(peerForm('/token', peerGrant)),
    },
  };
}

function introspections(peer: Peer): Ask {
  return async (lanes) => repeated(peerForm('/token/introspection', { token: (await one(peer)).access }))(lanes);
}

function refreshes(peer: Peer): Ask {
  return async (lanes) => {
    const tokens = (await peer.issue(lanes)).map(({ refresh }) => refresh);
    const { authorization: client = '' } = peerForm('/token', {}).headers ?? {};
    return { journey: 'refresh', options: { tokens, client, path: '/token' } };
  };
}

async function one(peer: Peer) {
  const [token] = await peer.issue(1);
  if (token === undefined) throw new Error('oidc-provider issued nothing');
  return token;
}

function userInfo(path: string, token: string): HttpRequest {
  return { method: 'GET', path, headers: { authorization: `Bearer ${token}` } };
}

async function send({ host, port }: Installation, request: HttpRequest): Promise<Tokens> {
  const connection = await connectHttp(host, port);
  const answer = await connection.send(request).finally(() => connection.close());
  expectStatus(answer, 200);
  return JSON.parse(answer.body);
}
