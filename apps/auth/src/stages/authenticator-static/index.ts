/**
 * Shows codes that each work once. They stay the same, sealed in the plan, until somebody says that they have kept them; only then they
 * count, and from then on only their hashes are known.
 */

import type { DeviceCodes, DeviceStore } from '../../devices/index.ts';
import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import { provedOwner } from '../device.owner.ts';
import { sealedIn } from '../sealed.memory.ts';
import type { StageAccounts, StageSeal } from '../stage.ports.ts';
import { authenticatorStaticSettings } from './settings.ts';

export { authenticatorStaticModel, authenticatorStaticSettings } from './settings.ts';

/** What the stage needs. */
export type AuthenticatorStaticDeps = {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly devices: Pick<DeviceStore, 'add'>;
  readonly deviceCodes: Pick<DeviceCodes, 'generate'>;
  readonly seal: StageSeal;
};

/** Label under which the codes of a set-up are sealed. */
const LABEL = 'plan.static_codes';

/** Creates the stage that shows codes that each work once. */
export function createAuthenticatorStaticStage(deps: AuthenticatorStaticDeps): StageKind {
  const { accounts, devices, deviceCodes } = deps;
  const memory = sealedIn(deps.seal, LABEL);
  return defineStage({
    kind: 'authenticator_static',
    component: 'ak-stage-authenticator-static',
    readSettings: (stored) => readSettings(authenticatorStaticSettings, stored),
    enter: async (visit) => {
      if ((await provedOwner(accounts, visit)) === undefined) return { kind: 'denied', message: 'No pending user.' };
      const { token_count, token_length } = visit.settings;
      const known = codesIn(memory.open(visit.memory));
      const codes = known ?? deviceCodes.generate(token_count, token_length);
      const challenge = { component: 'ak-stage-authenticator-static', withUser: true, fields: { codes } };
      const kept = known === undefined ? { memory: memory.seal(JSON.stringify(codes)) } : {};
      return { kind: 'challenge', challenge, ...kept };
    },
    answer: () => ({}),
    respond: async (visit) => {
      const account = await provedOwner(accounts, visit);
      const codes = codesIn(memory.open(visit.memory));
      if (account === undefined || codes === undefined) return { kind: 'denied', message: 'No pending user.' };
      const device = { user: account.pk, class: 'static', name: 'Static Token', stage: visit.stage.pk } as const;
      return {
        kind: 'passed',
        effect: async (tx) => {
          await devices.add(tx, { ...device, codes }, visit.request);
          return undefined;
        },
      };
    },
  });
}

function codesIn(opened: string | undefined): string[] | undefined {
  if (opened === undefined) return undefined;
  const codes: unknown = JSON.parse(opened);
  return Array.isArray(codes) ? codes.map(String) : undefined;
}
