import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { authorize, complete, signIn, clock, world, endpoint, origin } = protocol;
await protocol.client('web', { settings: { resources: ['https://api.example/', 'https://files.example/'] } });
world.people.set(8, aUser(8, 'bob'));

const asked = { response_type: 'code', client_id: 'web', redirect_uri: CALLBACK, scope: 'openid', state: 's' };
const paramsOf = (location: string) => Object.fromEntries(new URL(location).searchParams);

describe('prompt=none', () => {
  const silent = { ...asked, prompt: 'none' };

  it('never shows a page: what would have to be asked comes back as an error', async () => {
    expect(paramsOf(await authorize(silent))).toMatchObject({ error: 'login_required' });
    const session = signIn();
    for (const [asks, error] of [
      ['consent', 'consent_required'],
      ['prompt', 'interaction_required'],
      ['', 'interaction_required'],
    ] as const) {
      world.silence = { passed: false, asks };
      expect(paramsOf(await authorize(silent, { session }))).toMatchObject({ error, state: 's' });
    }
    world.silence = { passed: true, asks: '' };
    world.verdict = { passing: false, messages: ['No'] };
    expect(paramsOf(await authorize(silent, { session }))).toMatchObject({ error: 'access_denied' });
    world.verdict = { passing: true, messages: [] };
    expect(world.started).toEqual([]);
  });

  it('answers at once when nothing has to be asked', async () => {
    const session = signIn();
    const { code, ...rest } = paramsOf(await authorize(silent, { session }));
    expect(rest).toEqual({ state: 's', iss: 'https://id.example/application/o/web/' });
    expect(await protocol.redeem('web', code ?? '')).toHaveProperty('id_token');
    expect(world.silent.at(-1)).toMatchObject({ session, context: { prompts: ['none'], is_sso: true } });
  });

  it('sends a form by a page that does nothing else, errors included', async () => {
    const request = { ...silent, response_mode: 'form_post', state: '"><script>' };
    const query = new URLSearchParams(request).toString();
    for (const session of [signIn(), undefined]) {
      const { answer, head } = await protocol.withHead((onHead) =>
        endpoint.authorize(request, origin({ query, ...(session ? { session } : {}) }), { onHead }),
      );
      const html = Buffer.from(answer.data).toString();
      expect(html).toContain(`<form method="post" action="${CALLBACK}">`);
      expect(html).toContain('name="state" value="&quot;&gt;&lt;script&gt;"');
      expect(html).toContain(session ? 'name="code"' : 'name="error" value="login_required"');
      const policy = head?.headers.find(([name]) => name === 'content-security-policy')?.[1];
      expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}'/);
    }
  });
});

describe('a sign-in that has to be repeated', () => {
  it.each([[{ prompt: 'login' }], [{ prompt: 'select_account' }], [{ max_age: '0' }], [{ max_age: '30' }]])(
    'is asked for by %o, and an old one is refused in the end',
    async (ask) => {
      const session = signIn();
      clock.advance(60_000);
      await authorize({ ...asked, ...ask }, { session });
      expect(world.started.at(-1)?.context?.prompts).toEqual(['login']);
      expect(paramsOf((await complete(session)).redirect ?? '')).toMatchObject({ error: 'login_required' });
      await authorize({ ...asked, ...ask }, { session });
      expect(paramsOf((await complete(signIn(ADA, session))).redirect ?? '')).toHaveProperty('code');
    },
  );

  it('is not asked for while the last one is young enough', async () => {
    const session = signIn();
    clock.advance(60_000);
    await authorize({ ...asked, max_age: '600' }, { session });
    expect(world.started.at(-1)?.context?.prompts).toEqual([]);
    expect(paramsOf(await authorize({ ...asked, prompt: 'none', max_age: '30' }, { session }))).toMatchObject({
      error: 'login_required',
    });
  });

  it('is asked for once of somebody who signs in on the way', async () => {
    await authorize({ ...asked, max_age: '0' });
    const { next = '' } = world.started.at(-1) ?? {};
    clock.advance(30_000);
    const session = signIn();
    clock.advance(30_000);
    await authorize(Object.fromEntries(new URLSearchParams(next.split('?')[1])), { session });
    expect(world.started.at(-1)?.context?.prompts).toEqual([]);
    expect(paramsOf((await complete(session)).redirect ?? '')).toHaveProperty('code');
  });
});

describe('a person whom the client expects', () => {
  async function anIdToken(): Promise<string> {
    const { code } = await protocol.aCode('web');
    return (await protocol.redeem('web', code)).id_token ?? '';
  }

  it('is the one of the id token, however old that is, and nobody else', async () => {
    const id_token_hint = await anIdToken();
    clock.advance(90 * 86_400_000);
    const silent = { ...asked, prompt: 'none', id_token_hint };
    expect(paramsOf(await authorize(silent, { session: signIn() }))).toHaveProperty('code');
    expect(paramsOf(await authorize(silent, { session: signIn(8) }))).toMatchObject({ error: 'login_required' });
    const session = signIn();
    await authorize({ ...asked, id_token_hint }, { session });
    expect(paramsOf((await complete(signIn(8))).redirect ?? '')).toMatchObject({ error: 'login_required' });
  });

  it('is told by no token of somebody else', async () => {
    await protocol.client('other');
    const { code } = await protocol.aCode('other');
    const { id_token = '' } = await protocol.redeem('other', code);
    const forged = await new SignJWT({ sub: 'x', aud: 'web' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from('guess'));
    for (const id_token_hint of [id_token, forged, 'x'])
      expect(paramsOf(await authorize({ ...asked, id_token_hint }, { session: signIn() }))).toMatchObject({
        error: 'invalid_request',
      });
  });

  it('is the one whose sub the claims ask for', async () => {
    const { uid = '' } = world.people.get(ADA) ?? {};
    const request = (value: string) => ({
      ...asked,
      prompt: 'none',
      claims: JSON.stringify({ id_token: { sub: { value } } }),
    });
    expect(paramsOf(await authorize(request(uid), { session: signIn() }))).toHaveProperty('code');
    expect(paramsOf(await authorize(request('x'), { session: signIn() }))).toMatchObject({ error: 'login_required' });
  });
});

describe('resources', () => {
  it('become the audience of the access token, and nothing else does', async () => {
    const audienceOf = async (resource: string[]) => {
      const request = { ...asked, response_type: 'code token', resource, prompt: 'none' };
      const location = await authorize(request, { session: signIn() });
      const { access_token = '', error } = Object.fromEntries(new URLSearchParams(new URL(location).hash.slice(1)));
      return error ?? JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()).aud;
    };
    expect(await audienceOf([])).toBe('web');
    expect(await audienceOf(['https://api.example/'])).toBe('https://api.example/');
    expect(await audienceOf(['https://api.example/', 'https://files.example/'])).toHaveLength(2);
    expect(await audienceOf(['https://api.example/', 'https://evil.example/'])).toBe('invalid_target');
    expect(await audienceOf(['https://api.example/#x'])).toBe('invalid_target');
    expect(await audienceOf(['api'])).toBe('invalid_target');
  });
});

describe('a parameter that comes twice', () => {
  it('is refused, and as a page where it says who asks or where the answer goes', async () => {
    const query = (extra: string) => `${new URLSearchParams(asked)}&${extra}`;
    const send = (extra: string) => authorize(asked, { session: signIn(), query: query(extra) });
    expect(paramsOf(await send('scope=email'))).toMatchObject({ error: 'invalid_request' });
    await expect(send('client_id=other')).rejects.toMatchObject({ reason: 'CLIENT_ID_INVALID' });
    await expect(send('redirect_uri=https://evil.example/')).rejects.toMatchObject({ reason: 'REDIRECT_URI_INVALID' });
    expect(await send('unknown=1&unknown=2')).toContain('/if/flow/consent/');
  });
});
