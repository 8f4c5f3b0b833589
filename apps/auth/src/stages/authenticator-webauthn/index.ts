/**
 * Sets up passkeys and security keys. Every page, and every answer that was refused, has a challenge of its own; it is kept in the plan and
 * goes with it, so that no answer counts twice. The passkey belongs to the host under which it was made.
 */

import { randomBytes } from 'node:crypto';
import type { DeviceStore } from '../../devices/index.ts';
import { relyingPartyOf } from '../../factors/index.ts';
import { defineStage, fieldError, readSettings, type StageKind, type StageVisit } from '../../plans/index.ts';
import { structure } from '../answer.fields.ts';
import { provedOwner } from '../device.owner.ts';
import type { StageAccounts } from '../stage.ports.ts';
import { askRegistration } from './challenge.ts';
import { judgeRegistration, keepPasskey } from './respond.ts';
import { type AuthenticatorWebauthnSettings, authenticatorWebauthnSettings } from './settings.ts';

export { authenticatorWebauthnModel, authenticatorWebauthnSettings } from './settings.ts';

/** What the stage needs. */
export type AuthenticatorWebauthnDeps = {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly devices: Pick<DeviceStore, 'ofUser' | 'add'>;
  /** What the brand of a host is called. */
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
};

type Visit = StageVisit<AuthenticatorWebauthnSettings>;

/** Creates the stage that sets up passkeys. */
export function createAuthenticatorWebauthnStage({ accounts, devices, brands }: AuthenticatorWebauthnDeps): StageKind {
  const ask = async (visit: Visit) => {
    const { request, settings } = visit;
    const account = await provedOwner(accounts, visit);
    if (account === undefined) return { kind: 'denied', message: 'No pending user.' } as const;
    const [title, owned] = await Promise.all([
      brands.title(request.tenant, request.client.host),
      devices.ofUser(request.tenant, account.pk),
    ]);
    const known = owned.filter((device) => device.class === 'webauthn');
    const challenge = randomBytes(64).toString('base64url');
    return askRegistration({ settings, account, party: relyingPartyOf(visit), title, known, challenge });
  };
  return defineStage({
    kind: 'authenticator_webauthn',
    component: 'ak-stage-authenticator-webauthn',
    readSettings: (stored) => readSettings(authenticatorWebauthnSettings, stored),
    enter: ask,
    answer: () => ({ response: structure() }),
    respond: async (visit, { response }) => {
      const account = await provedOwner(accounts, visit);
      if (account === undefined) return { kind: 'denied', message: 'No pending user.' };
      const registered = await judgeRegistration(visit, account, response);
      if ('device' in registered) return { kind: 'passed', effect: keepPasskey(devices, registered.device, visit) };
      const error = fieldError(`Registration failed. Error: ${registered.failure}`);
      return { kind: 'refused', errors: { response: [error] } };
    },
  });
}
