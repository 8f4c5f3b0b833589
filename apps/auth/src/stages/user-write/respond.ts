import { type FlowTransaction, StageDenied, type StageEffect, type StageVisit } from '../../plans/index.ts';
import type {
  StageAccount,
  StageAccounts,
  StageFacts,
  StageInvitations,
  StagePasswords,
  UserDirectory,
} from '../stage.ports.ts';
import { draftOf } from './draft.ts';
import { madeType, type UserWriteSettings } from './settings.ts';

/** What writing a user needs. */
export type UserWriting = {
  readonly directory: Pick<UserDirectory, 'create' | 'update'>;
  readonly accounts: Pick<StageAccounts, 'remember' | 'hasRights'>;
  readonly passwords: Pick<StagePasswords, 'set'>;
  readonly facts: StageFacts;
  readonly invitations: Pick<StageInvitations, 'consume'>;
  /** Whether an error is the directory's refusal of what was asked, such as a name that is taken. */
  readonly isRefusal: (error: unknown) => boolean;
};

const FAILED = 'Failed to update user. Please try again later.';
const BACKEND = 'authentik.core.auth.InbuiltBackend';

/**
 * Writes what prompts collected to the user of that key, or to a new one. Runs in the transaction of the plan, last, so that a user is
 * written at most once; the directory refuses a second one of the same name should the transaction fail behind it.
 */
export function writeUser(
  visit: StageVisit<UserWriteSettings>,
  target: number | undefined,
  { directory, accounts, passwords, facts, invitations, isRefusal }: UserWriting,
): StageEffect {
  const { settings, context, request } = visit;
  const data = context.prompt_data ?? {};
  const groups = [...(settings.create_users_group === undefined ? [] : [settings.create_users_group])];
  const draft = draftOf(context, [...groups, ...(context.groups ?? [])]);
  return async (tx) => {
    await useInvitation(tx, visit, invitations);
    const account = await writing(() => {
      if (target !== undefined) return directory.update(request.tenant, target, draft);
      return directory.create(request.tenant, { ...draft, ...newUser(visit) });
    }, isRefusal);
    await accounts.remember(tx, account);
    await setPassword(tx, visit, { pk: account.pk, isNew: target === undefined }, passwords);
    const fields = Object.keys(data);
    await facts.record(tx, { kind: 'user_written', user: account.pk, created: target === undefined, fields }, request);
    const { pk, uuid, username } = account;
    return {
      context: {
        pending_user: { kind: 'account', pk, uuid, username },
        prompt_data: { ...data, created: target === undefined },
        new_password_hash: undefined,
        ...(context.invitation === undefined ? {} : { invitation: { ...context.invitation, single_use: false } }),
        ...(target === undefined ? { user_backend: BACKEND } : {}),
      },
    };
  };
}

/** What a new user is, unless a prompt asked for it. */
function newUser({ settings, context }: StageVisit<UserWriteSettings>) {
  const { user_path_template: template, user_type } = settings;
  return {
    isActive: !settings.create_users_as_inactive,
    path: context.user_path ?? (template === '' ? 'users' : template),
    type: madeType(context.user_type ?? '') ?? madeType(user_type) ?? user_type,
  };
}

/** Uses up an invitation for one person, before that person is written: of two at once one finds it gone. */
async function useInvitation(
  tx: FlowTransaction,
  { context: { invitation } }: StageVisit<UserWriteSettings>,
  invitations: Pick<StageInvitations, 'consume'>,
): Promise<void> {
  if (invitation?.single_use !== true) return;
  if (!(await invitations.consume(tx, invitation.pk))) throw new StageDenied('Invalid invite/invite not found');
}

async function writing(write: () => Promise<StageAccount>, isRefusal: (error: unknown) => boolean) {
  try {
    return await write();
  } catch (error) {
    if (isRefusal(error)) throw new StageDenied(FAILED);
    throw error;
  }
}

async function setPassword(
  tx: FlowTransaction,
  { context, session }: StageVisit<UserWriteSettings>,
  { pk, isNew }: { pk: number; isNew: boolean },
  passwords: Pick<StagePasswords, 'set'>,
): Promise<void> {
  if (context.new_password_hash === undefined) return;
  const firstOnly = context.first_password_only === true;
  const isSet = await passwords.set(tx, pk, context.new_password_hash, { firstOnly, isNew, keepSession: session });
  if (!isSet) throw new StageDenied(FAILED);
}
