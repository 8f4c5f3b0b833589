import { generateKeyPair, SignJWT } from 'jose';
import type { Installation } from './installation.ts';
import { connectHttp, type HttpAnswer, type HttpRequest } from './load/http.connection.ts';
import { expectStatus } from './load/journey.ts';
import { bareHttpRate, type LoadOptions, underLoad } from './loaded.ts';
import { type Measure, ratePerSecond } from './measure.ts';
import type { Part } from './part.ts';
import { signedIn } from './people.ts';
import {
  type Algorithm,
  authorize,
  clientCredentialsOf,
  createAccount,
  createRelyingParty,
  introspectionOf,
  type RelyingParty,
  redemptionOf,
} from './relying-party.ts';

const LANES = 16;
const CODES = 400;
const CODES_MS = 5_000;
const CLIENT_CREDENTIALS = [
  ['ES256', 2_000],
  ['RS256', 900],
] as const;

type Tokens = { access_token: string; refresh_token: string };

/** What applications ask: tokens by every grant, and what a token is worth. */
export const tokens: Part = {
  name: 'tokens',
  async run(stage) {
    const installation = await stage.installation();
    const [user = ''] = await stage.people();
    const signatures = { ES256: await bareSignatureRate('ES256'), RS256: await bareSignatureRate('RS256') };
    const parties = {
      ES256: await createRelyingParty(installation, 'ES256'),
      RS256: await createRelyingParty(installation, 'RS256'),
    };
    const measures: Measure[] = [];
    const add = async (line: Omit<Measure, 'value' | 'unit' | 'note'>, load: LoadOptions) => {
      const { rate, note } = await underLoad(installation, load);
      measures.push({ ...line, value: rate, unit: '/s', note });
    };
    const signing = (algorithm: Algorithm) => ({ name: `bare ${algorithm} signatures`, value: signatures[algorithm] });

    const account = await createAccount(installation);
    const isThere = await grants(installation, clientCredentialsOf(parties.ES256, account));
    for (const [algorithm, least] of isThere ? CLIENT_CREDENTIALS : []) {
      const requests = [clientCredentialsOf(parties[algorithm], account)];
      const line = { name: `client credentials, ${algorithm}`, target: { least }, baseline: signing(algorithm) };
      await add(line, { journey: 'requests', options: { requests }, lanes: LANES });
    }

    const codes = await codesFor(installation, user, parties.ES256);
    measures.push({ name: 'authorization of somebody signed in', value: codes.rate, unit: '/s', note: '1 at a time' });
    const [first = '', ...others] = codes.codes;
    const starts = others.splice(0, LANES);
    const once = { requests: others.map((code) => redemptionOf(parties.ES256, code)), lanes: LANES };
    const redeem = { name: 'redemption of a code with PKCE, ES256', baseline: signing('ES256') };
    await add(redeem, { journey: 'once', options: once, lanes: LANES, warmUp: 0, milliseconds: 20_000 });

    const granted = await Promise.all(starts.map((code) => send(installation, redemptionOf(parties.ES256, code))));
    const refresh = { tokens: granted.map((each) => each.refresh_token), client: parties.ES256.authorization };
    const rotation = { name: 'refresh with rotation, ES256', target: { least: 1_200 }, baseline: signing('ES256') };
    await add(rotation, { journey: 'refresh', options: refresh, lanes: LANES });

    const { access_token } = await send(installation, redemptionOf(parties.ES256, first));
    const bare = { name: 'bare HTTP server', value: await bareHttpRate(LANES) };
    const requests = [introspectionOf(parties.ES256, access_token)];
    const introspection = { name: 'introspection', target: { least: 6_000 }, baseline: bare };
    await add(introspection, { journey: 'requests', options: { requests }, lanes: LANES });
    const headers = { authorization: `Bearer ${access_token}` };
    const info = { requests: [{ method: 'GET', path: '/application/o/userinfo/', headers }] };
    await add({ name: 'user info', baseline: bare }, { journey: 'requests', options: info, lanes: LANES });
    return measures;
  },
};

/** Signatures per second of this machine, over claims as an access token has them. */
async function bareSignatureRate(alg: Algorithm): Promise<number> {
  const { privateKey } = await generateKeyPair(alg, { modulusLength: 2048 });
  const claims = {
    sub: 'f'.repeat(64),
    name: 'Ada Lovelace',
    groups: Array.from({ length: 10 }, (_, at) => `Group ${at}`),
  };
  const issue = () =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, typ: 'JWT', kid: 'k'.repeat(32) })
      .setIssuer('https://sso.example.com/application/o/bench/')
      .setAudience('a'.repeat(40))
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
  return ratePerSecond(issue, { lanes: LANES, milliseconds: 1_500 });
}

/** Codes of one person for one application, one after the other, for a while. */
function codesFor(installation: Installation, user: string, party: RelyingParty) {
  return signedIn(installation, user, async (browser) => {
    const codes: string[] = [];
    const begin = performance.now();
    const isEnough = () => codes.length >= CODES || (codes.length > 2 * LANES && performance.now() > begin + CODES_MS);
    while (!isEnough()) codes.push(await authorize(browser, party));
    return { codes, rate: (codes.length / (performance.now() - begin)) * 1_000 };
  });
}

async function ask({ host, port }: Installation, request: HttpRequest): Promise<HttpAnswer> {
  const connection = await connectHttp(host, port);
  return connection.send(request).finally(() => connection.close());
}

/** Whether the platform knows the grant of a request. */
async function grants(installation: Installation, request: HttpRequest): Promise<boolean> {
  return !(await ask(installation, request)).body.includes('unsupported_grant_type');
}

async function send(installation: Installation, request: HttpRequest): Promise<Tokens> {
  const answer = await ask(installation, request);
  expectStatus(answer, 200);
  return JSON.parse(answer.body);
}
