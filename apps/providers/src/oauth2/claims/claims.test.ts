import { events, providers } from '@postern/proto';
import { decodeJwt } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { ADA, aProtocol } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { redeem, aCode } = protocol;
afterAll(() => protocol.programs.expressions.close());

/** Claims of the id token that a client with these programs gets. */
async function claimsOf(client: string, programs: Readonly<Record<string, string>>, scope: string) {
  await protocol.client(client, { programs });
  const { code } = await aCode(client, { scope });
  const tokens = await redeem(client, code);
  return { identity: decodeJwt(tokens.id_token ?? ''), access: decodeJwt(tokens.access_token) };
}

const misconfigured = async () => {
  const facts = await protocol.facts('providers.v1.oauth2_client.misconfigured');
  return facts.map(({ payload }) => providers.ClientMisconfigured.decode(payload));
};
const recorded = async () => {
  const facts = await protocol.facts('providers.v1.event.recorded');
  return facts.map(({ payload }) => events.EventRecorded.decode(payload));
};

describe('claims of programs', () => {
  it('never say who issued a token, to whom, for whom, how long and to what it is bound', async () => {
    const lies = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'azp', 'cnf', 'sid', 'nonce', 'auth_time', 'acr'];
    const more = ['amr', 'at_hash', 'c_hash', 's_hash', 'act', 'may_act', 'events', 'uid'];
    const program = `return {**{name: "lie" for name in ${JSON.stringify([...lies, ...more])}}, "true": 1}`;
    const { identity, access } = await claimsOf('liar', { lies: program }, 'openid lies');
    expect(Object.values({ ...identity, ...access })).not.toContain('lie');
    expect(identity).toMatchObject({ aud: 'liar', true: 1 });
    expect(access.true).toBe(1);
  });

  it('see the person, the request, the client and the scopes, and no secret', async () => {
    const program = `
http = request.http_request
return {
    "who": [user.username, request.user.pk, user.attributes["upn"]],
    "from": [http.META["REMOTE_ADDR"], http.path, request.obj.name],
    "client": [provider.name, provider.client_id, provider.application.slug, "client_secret" in provider],
    "scopes": token.scope,
    "has": [ak_user_has_authenticator(user, "totp"), ak_user_has_authenticator(user, "duo")],
    "may": bool(ak_call_policy("open").passing),
}`;
    const { identity } = await claimsOf('looker', { look: program }, 'openid look');
    expect(identity).toMatchObject({
      who: ['ada', ADA, 'ada@corp.example'],
      from: ['192.0.2.1', '/application/o/', 'looker look'],
      client: ['looker', 'looker', 'looker', false],
      scopes: ['openid', 'look'],
      has: [true, false],
      may: true,
    });
  });

  it('are merged in the order of their scopes; what is no dictionary counts as nothing', async () => {
    const programs = {
      b: 'return {"a": {"y": 2}, "list": ["b"], "last": "b"}',
      a: 'return {"a": {"x": 1}, "list": ["a"], "last": "a"}',
      c: 'return [1]',
      d: 'pass',
    };
    const { identity } = await claimsOf('merger', programs, 'openid d c b a');
    expect(identity).toMatchObject({ a: { x: 1, y: 2 }, list: ['a', 'b'], last: 'b' });
  });

  it('are left out when their program fails, of which administrators are told twice, and the others go on', async () => {
    const programs = { bad: 'x = 1\nraise ValueError("no such team")', good: 'return {"team": "garden"}' };
    const { identity } = await claimsOf('broken', programs, 'openid bad good email');
    expect(identity).toMatchObject({ team: 'garden', email: 'ada@example.com' });
    expect((await misconfigured()).at(-1)).toMatchObject({
      message: "Failed to evaluate property-mapping: 'broken bad'",
      client: { client_id: 'broken' },
      property_mapping: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const told = (await recorded()).at(-1);
    expect(told).toMatchObject({ action: 'property_mapping_exception' });
    expect(told?.context).toMatchObject({ mapping: 'broken bad', expression: programs.bad });
    expect(told?.context?.message).toMatch(/line 2[\s\S]*ValueError: no such team/);
  });

  it('are left out when their program takes too long or gives too much', async () => {
    const programs = { slow: 'while True: pass', large: 'return {"large": "x" * 70_000}' };
    const { identity } = await claimsOf('heavy', programs, 'openid slow large');
    expect(identity).not.toHaveProperty('large');
    const messages = (await misconfigured()).slice(-2).map(({ message }) => message);
    expect(messages.toSorted()).toEqual(
      ['large', 'slow'].map((scope) => `Failed to evaluate property-mapping: 'heavy ${scope}'`),
    );
  });

  it('may write events of their own', async () => {
    await claimsOf('teller', { tell: 'ak_create_event("looked", at="claims")\nreturn {}' }, 'openid tell');
    expect(protocol.programs.told).toEqual([{ action: 'custom_looked', mapping: 'teller tell' }]);
  });
});
