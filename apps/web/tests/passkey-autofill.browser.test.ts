import { expect, it } from 'vitest';
import { givenPages } from './browser.harness.ts';

const pages = givenPages();
const { show, press } = pages;

const FLOW = 'show-identification-passkey';
const answers = () => pages.double.posted.map(({ body }) => body);
const arrived = () => pages.page.waitForURL('**/done');
const offers = () => pages.double.memory.offers;

/** A key in this browser, with a passkey on it. `isChosen`: whatever is offered is chosen at once. */
async function aPasskey({ isChosen }: { isChosen: boolean }): Promise<void> {
  pages.origin = pages.origin.replace('127.0.0.1', 'localhost');
  const debug = await pages.page.context().newCDPSession(pages.page);
  await debug.send('WebAuthn.enable');
  const traits = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const options = { protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true, ...traits } as const;
  const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', { options });
  await show('show-webauthn');
  await press('Register a key');
  await arrived();
  await debug.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: isChosen });
  pages.double.posted.length = 0;
}

async function typeName(): Promise<void> {
  await pages.page.fill('input[name=uid_field]', 'ada');
  await pages.page.keyboard.press('Enter');
  await arrived();
  expect(answers()).toEqual([{ component: 'ak-stage-identification', uid_field: 'ada' }]);
  expect(pages.complaints).toEqual([]);
}

it('signs somebody in who picks a passkey among what the browser fills in', async () => {
  await aPasskey({ isChosen: true });
  await show(FLOW);
  await arrived();
  expect(answers()).toEqual([
    { component: 'ak-stage-identification', webauthn: expect.objectContaining({ type: 'public-key' }) },
  ]);
  expect(pages.complaints).toEqual([]);
});

it('says that a passkey was refused, and offers the others anew', async () => {
  await aPasskey({ isChosen: true });
  const { keys } = pages.double.memory.webauthn;
  const known = keys.splice(0);
  await show(FLOW);
  await pages.page.locator('[role=alert]', { hasText: 'The key could not be checked' }).waitFor();
  keys.push(...known);
  await arrived();
  expect(offers()).toBeGreaterThan(1);
});

it('takes the offer back when somebody types their name', async () => {
  await aPasskey({ isChosen: false });
  await show(FLOW);
  await expect.poll(offers).toBe(1);
  expect(await pages.page.getAttribute('input[name=uid_field]', 'autocomplete')).toBe('username webauthn');
  await typeName();
});

it('asks for new options before those on offer go stale', async () => {
  await aPasskey({ isChosen: false });
  pages.double.memory.offerLasts = 400;
  await show(FLOW);
  await expect.poll(offers).toBeGreaterThan(2);
  await typeName();
});

it('is silent in a browser that fills in no passkeys, and where there is no flow for them', async () => {
  await show('show-identification');
  expect(await pages.page.getAttribute('input[name=uid_field]', 'autocomplete')).toBe('username');
  await pages.page.addInitScript(() => Reflect.deleteProperty(PublicKeyCredential, 'isConditionalMediationAvailable'));
  await show(FLOW);
  await typeName();
  expect(offers()).toBe(0);
});
