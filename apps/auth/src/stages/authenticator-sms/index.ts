/**
 * Sets up codes by SMS: asks for a number, sends a code there, and keeps the number when the code comes back. Who sends is a provider of the
 * administrator's: Twilio, or anybody who takes a POST. How often is counted (decision 162).
 */

import type { DeviceStore, DeviceVerifier } from '../../devices/index.ts';
import {
  defineStage,
  fieldError,
  type JsonObject,
  optional,
  readSettings,
  type StageKind,
  type StageOutcome,
  text,
} from '../../plans/index.ts';
import { provedOwner } from '../device.owner.ts';
import type { StageAccounts, StageSeal } from '../stage.ports.ts';
import { createPhoneHashes } from './phone.number.ts';
import { judge, reach, refused, type SmsSetupDeps } from './respond.ts';
import { authenticatorSmsSettings } from './settings.ts';
import { isPending, sentCodeIn } from './sms.code.ts';
import { createSmsPost, type SmsPost, type SmsPostDeps } from './sms.post.ts';
import { createSmsSender, type SmsMappings, type SmsSenderDeps } from './sms.sender.ts';
import { createSmsVerifier, type SmsVerifierDeps } from './sms.verifier.ts';

export { authenticatorSmsModel, authenticatorSmsSettings } from './settings.ts';
export type { PhoneMessage, SmsPost } from './sms.post.ts';
export { type SmsErrand, SmsMappingFailed, type SmsMappings } from './sms.sender.ts';

/** What codes by SMS need. */
export type AuthenticatorSmsDeps = Omit<SmsSenderDeps, 'twilio' | 'mappings'> &
  Omit<SmsVerifierDeps, 'sender'> & {
    readonly accounts: Pick<StageAccounts, 'findByPk'>;
    readonly devices: DeviceStore;
    readonly seal: StageSeal;
    readonly smsMappings: SmsMappings;
    /** Addresses of services elsewhere. */
    readonly addresses: { readonly twilio: string };
    /** The installation's secrets: numbers are hashed with them. */
    readonly secrets: readonly string[];
  };

/** Creates the stage that sets up codes by SMS, and what judges them later. */
export function createAuthenticatorSms(deps: AuthenticatorSmsDeps): { stage: StageKind; verifier: DeviceVerifier } {
  const { smsMappings: mappings, addresses, secrets } = deps;
  const sender = createSmsSender({ ...deps, mappings, twilio: addresses.twilio });
  const stage = createSetup({ ...deps, sender, hashes: createPhoneHashes(secrets) });
  return { stage, verifier: createSmsVerifier({ ...deps, sender }) };
}

/** What sending messages beside flows needs. */
export type PhonePostDeps = Omit<SmsSenderDeps, 'twilio' | 'mappings'> &
  Pick<AuthenticatorSmsDeps, 'smsMappings' | 'addresses'> &
  Pick<SmsPostDeps, 'stages'>;

/** Creates what sends messages beside flows, through the same providers and under the same limits. */
export function createPhonePost({ smsMappings: mappings, addresses, stages, ...deps }: PhonePostDeps): SmsPost {
  return createSmsPost({ sender: createSmsSender({ ...deps, mappings, twilio: addresses.twilio }), stages });
}

const NOBODY = { kind: 'denied', message: 'No pending user.' } as const;

function createSetup(deps: SmsSetupDeps & { readonly accounts: Pick<StageAccounts, 'findByPk'> }): StageKind {
  const ask = (memory: JsonObject): StageOutcome => ({
    kind: 'challenge',
    memory,
    challenge: {
      component: 'ak-stage-authenticator-sms',
      withUser: true,
      fields: { phone_number_required: !isPending(sentCodeIn(memory), deps.clock()) },
    },
  });
  return defineStage({
    kind: 'authenticator_sms',
    component: 'ak-stage-authenticator-sms',
    readSettings: (stored) => readSettings(authenticatorSmsSettings, stored),
    enter: async (visit) => {
      const account = await provedOwner(deps.accounts, visit);
      if (account === undefined) return NOBODY;
      const { phone } = visit.context.prompt_data ?? {};
      // A number that a prompt asked for is tried once; should that fail, the person is asked.
      if (typeof phone !== 'string' || visit.memory.prompted === true) return ask(visit.memory);
      const prompted = { prompted: true };
      const reached = await reach(deps, { ...visit, memory: prompted }, account, phone);
      return ask('memory' in reached ? reached.memory : prompted);
    },
    answer: () => ({ code: optional(text({ trim: true })), phone_number: optional(text({ trim: true })) }),
    respond: async (visit, { code, phone_number }) => {
      const account = await provedOwner(deps.accounts, visit);
      if (account === undefined) return NOBODY;
      if (code !== undefined) return judge(deps, visit, account, code);
      if (phone_number === undefined) return refused(fieldError('phone_number required'));
      const reached = await reach(deps, visit, account, phone_number);
      return 'memory' in reached ? ask(reached.memory) : refused(reached.error);
    },
  });
}
