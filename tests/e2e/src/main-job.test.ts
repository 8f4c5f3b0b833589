import * as oidc from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { aPerson, launchBrowser, type Person, picture, signInByKeyboard } from './browser.ts';
import { ADMIN_TOKEN, fiveProcesses, oneProcess, type Platform } from './platforms.ts';
import { type RelyingParty, startRelyingParty } from './relying-party.ts';
import { createPerson, type Registered, register } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each([oneProcess, fiveProcesses])('in $name', ({ name: kind, start }) => {
  let platform: Platform;
  let api: Api;
  let party: RelyingParty;
  let person: Person;
  let asking: Registered;
  let trusted: Registered;

  beforeAll(async () => {
    platform = await start();
    api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
    party = await startRelyingParty();
    person = await aPerson(browser);
    const { redirectUri } = party;
    asking = await register(api, { slug: 'garden', name: 'Garden planner', redirectUri, consent: 'explicit' });
    trusted = await register(api, { slug: 'wiki', name: 'Wiki', redirectUri, consent: 'implicit' });
    await createPerson(api, 'ada', PASSWORD);
  });

  afterAll(async () => {
    await person?.leave();
    await party?.stop();
    await platform?.stop();
  });

  const issuerOf = ({ slug }: Registered) => `${platform.url}/application/o/${slug}/`;
  const events = (action: string) => api.list(`/events/events/?action=${action}&ordering=-created`);
  const byAda = (found: Json[]) => found.filter(({ user }) => (user as Json).username === 'ada');

  let tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

  it('signs a person in, asks for consent and gives the application its tokens', async () => {
    await party.discover(issuerOf(asking), asking.client);
    const authorization = await party.begin('openid email profile offline_access');
    await person.page.goto(authorization.url);
    await person.page.waitForSelector('input[name=uid_field]');
    await picture(person.page, `${kind} sign-in`);
    await signInByKeyboard(person.page, 'ada', PASSWORD);
    await person.page.waitForSelector('text=Allow and continue');
    await picture(person.page, `${kind} consent`);
    expect(await person.page.textContent('main, body')).toContain('Garden planner');
    await person.page.click('text=Allow and continue');
    await person.page.waitForURL(`${party.redirectUri}?**`);

    tokens = await authorization.finish(new URL(person.page.url()));
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.refresh_token).toEqual(expect.any(String));
    expect(tokens.claims()).toMatchObject({ iss: issuerOf(asking), aud: asking.client.id });
    expect(person.complaints).toEqual([]);
  });

  it('refuses the same code a second time and one without its proof', async () => {
    const again = await party.begin('openid');
    await person.page.goto(again.url);
    // Fewer scopes than were agreed to before are asked about as well.
    await person.page.click('text=Allow and continue');
    await person.page.waitForURL(`${party.redirectUri}?**`);
    const callback = new URL(person.page.url());
    const stranger = await party.begin('openid');
    await expect(stranger.finish(callback)).rejects.toThrow();
    await again.finish(callback);
    await expect(again.finish(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('tells the application who signed in', async () => {
    const claims = tokens.claims();
    const info = await oidc.fetchUserInfo(party.config(), tokens.access_token, String(claims?.sub));
    expect(info).toMatchObject({ email: 'ada@example.com', preferred_username: 'ada', name: 'ada' });
  });

  it('rotates the refresh token and refuses the one that was used', async () => {
    const used = String(tokens.refresh_token);
    const fresh = await oidc.refreshTokenGrant(party.config(), used);
    expect(fresh.refresh_token).not.toBe(used);
    expect(fresh.claims()?.sub).toBe(tokens.claims()?.sub);
    await expect(oidc.refreshTokenGrant(party.config(), used)).rejects.toMatchObject({ error: 'invalid_grant' });
    // Whoever uses a token twice may be a thief: the whole family ends.
    await expect(oidc.refreshTokenGrant(party.config(), String(fresh.refresh_token))).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('goes straight back to an application that needs no consent, and takes its tokens back', async () => {
    await party.discover(issuerOf(trusted), trusted.client);
    const authorization = await party.begin('openid offline_access');
    await person.page.goto(authorization.url);
    await person.page.waitForURL(`${party.redirectUri}?**`);
    const granted = await authorization.finish(new URL(person.page.url()));

    const active = await oidc.tokenIntrospection(party.config(), granted.access_token);
    expect(active).toMatchObject({ active: true, client_id: trusted.client.id });
    await oidc.tokenRevocation(party.config(), granted.access_token);
    expect(await oidc.tokenIntrospection(party.config(), granted.access_token)).toEqual({ active: false });
  });

  it('refuses a wrong password and says nothing about which half was wrong', async () => {
    const stranger = await aPerson(browser);
    await stranger.page.goto(`${platform.url}/flows/-/default/authentication/`);
    await signInByKeyboard(stranger.page, 'ada', 'wrong');
    await stranger.page.waitForSelector('[role=alert]');
    expect(await stranger.page.textContent('[role=alert]')).toContain('Invalid password');
    await stranger.leave();
    await until(
      () => events('login_failed'),
      (found) => found.some(({ context }) => (context as Json).username === 'ada'),
    );
  });

  it('signs the person out, and asks the next time', async () => {
    await person.page.goto(`${platform.url}/if/user/`);
    await person.page.waitForSelector('h1:has-text("My applications")');
    await picture(person.page, `${kind} portal`);
    await person.page.getByRole('button', { name: 'ada' }).click();
    await person.page.getByRole('link', { name: 'Sign out' }).click();
    await person.page.waitForSelector('input[name=uid_field]');
    await person.page.goto(`${platform.url}/if/user/`);
    await person.page.waitForSelector('input[name=uid_field]');
    await until(
      () => events('logout'),
      (found) => byAda(found).length === 1,
    );
  });

  it('has every step in the audit log', async () => {
    const logins = await until(
      () => events('login'),
      (found) => byAda(found).length === 1,
    );
    expect(byAda(logins)[0]).toMatchObject({ client_ip: '127.0.0.1', context: { auth_method: 'password' } });

    const authorized = await until(
      () => events('authorize_application'),
      (found) => byAda(found).length === 3,
    );
    const applications = byAda(authorized).map(
      ({ context }) => ((context as Json).authorized_application as Json).name,
    );
    expect(applications.toSorted()).toEqual(['Garden planner', 'Garden planner', 'Wiki']);

    const created = await until(
      () => events('model_created'),
      (found) => found.length >= 5,
    );
    const models = created.map(({ context, user }) => ({
      model: ((context as Json).model as Json).model_name,
      by: (user as Json).username,
    }));
    for (const model of ['user', 'application', 'oauth2provider'])
      expect(models).toContainEqual({ model, by: 'akadmin' });
    expect(byAda(await events('password_set'))).toHaveLength(1);
  });
});
