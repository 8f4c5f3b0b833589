/**
 * Sets up an authenticator app. The secret stays the same, sealed in the plan, until a code of it was entered; nothing is kept before. The
 * time step of that code has been used then.
 */

import type { DeviceStore } from '../../devices/index.ts';
import { configUrl, digitsOf, newTotpSecret, totpStep } from '../../factors/index.ts';
import {
  defineStage,
  fieldError,
  readSettings,
  type StageKind,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import { wholeNumber } from '../answer.fields.ts';
import { provedOwner } from '../device.owner.ts';
import { sealedIn } from '../sealed.memory.ts';
import type { StageAccounts, StageSeal } from '../stage.ports.ts';
import { type AuthenticatorTotpSettings, authenticatorTotpSettings } from './settings.ts';

export { authenticatorTotpModel, authenticatorTotpSettings } from './settings.ts';

/** What the stage needs. */
export type AuthenticatorTotpDeps = {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly devices: Pick<DeviceStore, 'add'>;
  /** What the brand of a host is called. */
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
  readonly seal: StageSeal;
  readonly clock: () => Date;
};

type Visit = StageVisit<AuthenticatorTotpSettings>;

/** Label under which the secret of a set-up is sealed. */
const LABEL = 'plan.totp_secret';

/** Creates the stage that sets up authenticator apps. */
export function createAuthenticatorTotpStage(deps: AuthenticatorTotpDeps): StageKind {
  const memory = sealedIn(deps.seal, LABEL);
  return defineStage({
    kind: 'authenticator_totp',
    component: 'ak-stage-authenticator-totp',
    readSettings: (stored) => readSettings(authenticatorTotpSettings, stored),
    enter: async (visit) => {
      const account = await provedOwner(deps.accounts, visit);
      if (account === undefined) return { kind: 'denied', message: 'No pending user.' };
      const { tenant, client } = visit.request;
      const known = memory.open(visit.memory);
      const secret = known ?? newTotpSecret();
      const title = await deps.brands.title(tenant, client.host);
      const config_url = configUrl({ title, username: account.username, secret, digits: digitsIn(visit) });
      const challenge = { component: 'ak-stage-authenticator-totp', withUser: true, fields: { config_url } };
      return { kind: 'challenge', challenge, ...(known === undefined ? { memory: memory.seal(secret) } : {}) };
    },
    answer: () => ({ code: wholeNumber() }),
    respond: (visit, { code }) => confirm(visit, code, memory.open(visit.memory), deps),
  });
}

async function confirm(
  visit: Visit,
  code: number,
  secret: string | undefined,
  { accounts, devices, clock }: AuthenticatorTotpDeps,
): Promise<StageOutcome> {
  const account = await provedOwner(accounts, visit);
  if (account === undefined) return { kind: 'denied', message: 'No pending user.' };
  const digits = digitsIn(visit);
  // Numbers lose the zeros that codes begin with.
  const step = secret && totpStep(secret, String(code).padStart(digits, '0'), digits, clock());
  if (secret === undefined || typeof step !== 'number') {
    return { kind: 'refused', errors: { code: [fieldError('Code does not match')] } };
  }
  const device = { user: account.pk, class: 'totp', name: 'TOTP Authenticator', stage: visit.stage.pk } as const;
  return {
    kind: 'passed',
    effect: async (tx) => {
      await devices.add(tx, { ...device, secret, data: { digits }, lastStep: step }, visit.request);
      return undefined;
    },
  };
}

function digitsIn({ settings }: Visit) {
  return digitsOf(Number(settings.digits));
}
