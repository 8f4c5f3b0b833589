/**
 * Sets up Duo: the person is made known there, activates their app with a code that is shown, and the device is kept once Duo says that they
 * did. The client of Duo is our own (decision 163).
 */

import type { DeviceStore, DeviceVerifier } from '../../devices/index.ts';
import {
  defineStage,
  fieldError,
  readSettings,
  StageDenied,
  type StageKind,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import { provedOwner } from '../device.owner.ts';
import type { StageAccount, StageAccounts, StageProblems, StageSeal } from '../stage.ports.ts';
import { authAccountOf, DUO_APP, duoKeyOf } from './duo.account.ts';
import { createDuoClient, type DuoDeps, type DuoEnrollment, DuoFailure } from './duo.client.ts';
import { createDuoVerifier, type DuoVerifierDeps } from './duo.verifier.ts';
import { enrollmentIn, rememberEnrollment } from './enrollment.ts';
import { type AuthenticatorDuoSettings, authenticatorDuoSettings } from './settings.ts';

export { duoErrors } from './duo.errors.ts';
export { createDuoDeviceRpc, type DuoDeviceDeps } from './duo-device.rpc.ts';
export { authenticatorDuoModel, authenticatorDuoSettings } from './settings.ts';

/** What Duo needs. */
export type AuthenticatorDuoDeps = Omit<DuoDeps, 'duo'> &
  Omit<DuoVerifierDeps, 'duo'> & {
    readonly accounts: Pick<StageAccounts, 'findByPk'>;
    readonly devices: Pick<DeviceStore, 'add'>;
    readonly problems: StageProblems;
    readonly seal: StageSeal;
    /** Addresses of services elsewhere. */
    readonly addresses: { readonly duo: string };
  };

type Visit = StageVisit<AuthenticatorDuoSettings>;
type SetupDeps = AuthenticatorDuoDeps & DuoDeps;

const NOBODY = { kind: 'denied', message: 'No pending user.' } as const;

/** Creates the stage that sets Duo up, and what judges it later. */
export function createAuthenticatorDuo(given: AuthenticatorDuoDeps): { stage: StageKind; verifier: DeviceVerifier } {
  const deps: SetupDeps = { ...given, duo: given.addresses.duo };
  const stage = defineStage({
    kind: 'authenticator_duo',
    component: 'ak-stage-authenticator-duo',
    readSettings: (stored) => readSettings(authenticatorDuoSettings, stored),
    enter: async (visit) => {
      const account = await provedOwner(deps.accounts, visit);
      if (account === undefined) return NOBODY;
      const known = enrollmentIn(deps.seal, visit.memory);
      return ask(deps, visit, known ?? (await enroll(deps, visit, account)));
    },
    answer: () => ({}),
    respond: async (visit) => {
      const account = await provedOwner(deps.accounts, visit);
      const enrollment = enrollmentIn(deps.seal, visit.memory);
      return account === undefined || enrollment === undefined ? NOBODY : conclude(deps, visit, account, enrollment);
    },
  });
  return { stage, verifier: createDuoVerifier(deps) };
}

/** Makes somebody known at Duo. What Duo refuses is told to administrators; the person sees that something went wrong, and may try again. */
async function enroll(
  deps: SetupDeps,
  { request, settings, stage }: Visit,
  account: StageAccount,
): Promise<DuoEnrollment> {
  try {
    return await createDuoClient(deps, authAccountOf(settings)).enroll(account.username);
  } catch (error) {
    if (!(error instanceof DuoFailure)) throw error;
    const details = { stage: { pk: stage.pk, name: stage.name }, user: { pk: account.pk, username: account.username } };
    await deps.problems.tell(request, { app: DUO_APP, message: `Failed to enroll user: ${error.message}`, details });
    throw error;
  }
}

function ask({ seal }: SetupDeps, { stage }: Visit, enrollment: DuoEnrollment): StageOutcome {
  const { barcode, code } = enrollment;
  const fields = { activation_barcode: barcode, activation_code: code, stage_uuid: stage.pk ?? '' };
  const challenge = { component: 'ak-stage-authenticator-duo', withUser: true, fields };
  return { kind: 'challenge', memory: rememberEnrollment(seal, enrollment), challenge };
}

async function conclude(
  deps: SetupDeps,
  { settings, stage, request }: Visit,
  account: StageAccount,
  { userId, code }: DuoEnrollment,
): Promise<StageOutcome> {
  const status = await createDuoClient(deps, authAccountOf(settings)).enrollStatus(userId, code);
  const message = `Invalid enrollment status: ${status}.`;
  // Whoever is too fast may come again; a code that is void stays so.
  if (status === 'waiting') return { kind: 'refused', errors: { non_field_errors: [fieldError(message)] } };
  if (status !== 'success') return { kind: 'denied', message };
  const device = {
    user: account.pk,
    class: 'duo',
    name: 'Duo Authenticator',
    stage: stage.pk,
    naturalKey: duoKeyOf(stage.pk, userId),
    data: { duo_user_id: userId },
  } as const;
  return {
    kind: 'passed',
    effect: async (tx) => {
      const kept = await deps.devices.add(tx, device, request);
      if (kept === undefined) throw new StageDenied('Device with Credential ID already exists.');
      return undefined;
    },
  };
}
