import { randomBytes } from 'node:crypto';
import type { Device, NewDevice } from '../../devices/index.ts';
import { readRegistration, registrationOptions, relyingPartyOf } from '../../factors/index.ts';
import { isJsonObject, type JsonObject } from '../../plans/index.ts';
import { type Answer, bad, ok } from '../headless.answer.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import type { Authenticators, Owner } from '../mfa/index.ts';
import { type Ceremony, challengeOf, forgetChallenge, keepChallenge } from './challenges.ts';

/** Registrations of passkeys and security keys. */
export type Registrations = {
  /** Options of `navigator.credentials.create`; the session remembers what was asked. */
  ask(visit: Visit, owner: Owner, ceremony: Ceremony): Promise<Answer>;
  /** The device that a browser made as one of these wanted, to be kept; or why there is none. */
  read(
    visit: Visit,
    owner: Owner,
    made: { readonly name: string; readonly credential: JsonObject },
    ceremonies: readonly Ceremony[],
  ): Promise<{ readonly device: NewDevice } | { readonly answer: Answer }>;
};

/** Said of what is no answer to what was asked, and of a passkey that somebody has already. */
export const WRONG_CREDENTIAL = bad(problem('incorrect_code'));

/** Creates them. */
export function createRegistrations(
  { brandTitles }: Pick<HeadlessEngine, 'brandTitles'>,
  authenticators: Authenticators,
): Registrations {
  const keysOf = async (visit: Visit, user: number) =>
    (await authenticators.of(visit, user)).filter((device) => device.class === 'webauthn');
  const partyOf = ({ tenant, client, settings }: Visit) =>
    relyingPartyOf({ request: { tenant, client }, origins: settings.trusted_origins });
  return {
    async ask(visit, owner, ceremony) {
      const challenge = randomBytes(32).toString('base64url');
      const need = ceremony === 'add' ? 'discouraged' : 'required';
      const {
        timeout: _timeout,
        attestation: _attestation,
        ...options
      } = registrationOptions({
        userVerification: need,
        residentKey: need,
        user: { uuid: owner.uuid, name: owner.email || owner.username, displayName: owner.name || owner.username },
        party: partyOf(visit),
        title: await brandTitles.title(visit.tenant, visit.client.host),
        known: await keysOf(visit, owner.pk),
        challenge,
      });
      keepChallenge(visit, ceremony, challenge);
      return ok({ creation_options: { publicKey: { ...options, extensions: { credProps: true } } } });
    },
    async read(visit, owner, { name, credential }, ceremonies) {
      const { ceremony, challenge } = challengeOf(visit, ...ceremonies);
      if (ceremony === undefined) return { answer: WRONG_CREDENTIAL };
      const asked = { party: partyOf(visit), challenge, user: owner, needsVerification: ceremony !== 'add' };
      const registered = await readRegistration(asked, credential);
      if ('failure' in registered) return { answer: WRONG_CREDENTIAL };
      forgetChallenge(visit);
      const { device } = registered;
      const data = { ...device.data, ...passwordlessness(credential) };
      return { device: { ...device, data, name: name || nameAfter(await keysOf(visit, owner.pk)) } };
    },
  };
}

/** What one is called that nobody named. */
function nameAfter(known: readonly Device[]): string {
  return ['Master key', 'Backup key'][known.length] ?? `Key nr. ${known.length + 1}`;
}

/** Whether the passkey knows whom it is for, where the browser says so (WebAuthn Level 3, section 10.1.3). */
function passwordlessness({ clientExtensionResults }: JsonObject): JsonObject {
  const properties = isJsonObject(clientExtensionResults) ? clientExtensionResults.credProps : undefined;
  const resident = isJsonObject(properties) ? properties.rk : undefined;
  return typeof resident === 'boolean' ? { is_passwordless: resident } : {};
}
