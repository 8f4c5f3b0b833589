import { INBUILT_BACKEND } from '../passwords/index.ts';
import type { ContextPatch, PendingUser, PlanContext, StageRecord } from '../plans/index.ts';
import type { Hand } from './hand.repository.ts';

/** What comes of a stage. */
export type Passage = 'signed in' | { readonly problem: string } | { readonly context: ContextPatch };

/**
 * Whether somebody who does everything right gets past a stage. What depends on more than that, such as a captcha or consent, is taken for
 * passed: the guard keeps people from locking the door, not from hanging a picture beside it.
 */
export function passageOf(stage: StageRecord, hand: Hand, context: PlanContext): Passage {
  return PASSAGES[stage.kind]?.(stage, hand, context) ?? { context: {} };
}

/** The stage by which an identification stage asks for the password, too; undefined where it does not. */
export function passwordStageOf({ kind, settings: { password_stage } }: StageRecord): string | undefined {
  return kind === 'identification' && typeof password_stage === 'string' ? password_stage : undefined;
}

type Pass = (stage: StageRecord, hand: Hand, context: PlanContext) => Passage;

const PASSAGES: Readonly<Record<string, Pass>> = {
  identification: ({ name, settings }, hand) => {
    const { user_fields, passwordless_flow, sources } = settings;
    const otherWay = isList(sources) || (Boolean(passwordless_flow) && hand.devices.includes('webauthn'));
    if (otherWay && !(isList(user_fields) && hand.hasPassword)) return 'signed in';
    if (isList(user_fields)) return { context: { pending_user: personOf(hand) } };
    return { problem: `the stage “${name}” asks nobody who they are.` };
  },
  password: ({ name, settings: { backends } }, hand, { pending_user }) => {
    if (pending_user === undefined) return unknown(name);
    if (hand.hasPassword && isList(backends) && backends.includes(INBUILT_BACKEND)) {
      return { context: { pending_user: { ...personOf(hand), backend: INBUILT_BACKEND } } };
    }
    return { problem: `no administrator has a password that the stage “${name}” takes.` };
  },
  authenticator_validate: ({ name, settings }, hand) => {
    const { not_configured_action, device_classes } = settings;
    const usable = hand.devices.filter((one) => !isList(device_classes) || device_classes.includes(one));
    if (usable.length > 0 || not_configured_action !== 'deny') return { context: {} };
    return { problem: `no administrator has a device that the stage “${name}” takes.` };
  },
  invitation: ({ name, settings: { continue_flow_without_invitation } }) =>
    continue_flow_without_invitation === true
      ? { context: {} }
      : { problem: `the stage “${name}” lets nobody pass without an invitation.` },
  deny: ({ name }) => ({ problem: `the stage “${name}” denies everybody.` }),
  user_delete: ({ name }) => ({ problem: `the stage “${name}” deletes whoever passes.` }),
  user_login: ({ name }, _hand, { pending_user }) => (pending_user?.kind === 'account' ? 'signed in' : unknown(name)),
};

function unknown(stage: string): Passage {
  return { problem: `nobody was asked who they are before the stage “${stage}”.` };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function personOf({ user: { pk, uuid, username } }: Hand): PendingUser & { kind: 'account' } {
  return { kind: 'account', pk, uuid, username };
}
