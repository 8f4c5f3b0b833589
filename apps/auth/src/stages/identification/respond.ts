import {
  type ContextPatch,
  fieldError,
  type PendingUser,
  readSettings,
  type StageEffect,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import { passwordSettings, provedBy } from '../password/index.ts';
import type {
  IdentifierField,
  PasswordProof,
  StageAccount,
  StageAccounts,
  StageFacts,
  StageLinks,
  StagePasswords,
} from '../stage.ports.ts';
import { type IdentificationSettings, identificationModel } from './settings.ts';

/** What identifying somebody needs. */
export type Identifying = {
  readonly accounts: Pick<StageAccounts, 'findByIdentifier'>;
  readonly passwords: Pick<StagePasswords, 'verify'>;
  readonly facts: StageFacts;
  readonly links: Pick<StageLinks, 'stageSettings'>;
};

/** What somebody answers who is asked who they are. */
export type IdentificationAnswer = { readonly uid_field: string; readonly password: string | undefined };

const FIELDS: readonly IdentifierField[] = ['email', 'username', 'upn'];

/** Finds whom the answer names, and checks the password where the stage asks for it as well. */
export async function identify(
  visit: StageVisit<IdentificationSettings>,
  answer: IdentificationAnswer,
  deps: Identifying,
): Promise<StageOutcome> {
  const { settings, request } = visit;
  const account = await deps.accounts.findByIdentifier(request.tenant, {
    fields: FIELDS.filter((field) => settings.user_fields.includes(field)),
    value: answer.uid_field,
    ignoreCase: settings.case_insensitive_matching,
  });
  const context = identified(settings, answer.uid_field, account);
  if (settings.password_stage !== undefined) return withPassword(visit, answer, account, context, deps);
  // Without a password to check here, somebody unknown goes on like everybody else and fails at the password stage.
  if (account === undefined && !settings.pretend_user_exists) {
    return { ...refused(context), effect: failing(visit, answer.uid_field, 0, deps.facts) };
  }
  return { kind: 'passed', context };
}

async function withPassword(
  visit: StageVisit<IdentificationSettings>,
  { uid_field, password = '' }: IdentificationAnswer,
  account: StageAccount | undefined,
  context: ContextPatch,
  { links, passwords, facts }: Identifying,
): Promise<StageOutcome> {
  const { settings, request } = visit;
  const stored = await links.stageSettings(request.tenant, settings.password_stage ?? '');
  const backends = stored === undefined ? [] : readSettings(passwordSettings, stored).backends;
  const from = { name: uid_field, client: request.client };
  const proof: PasswordProof | undefined = await passwords.verify(request.tenant, account, password, backends, from);
  if (proof !== undefined && account !== undefined) {
    const proved = provedBy(account, proof, settings.show_matched_user);
    const effect: StageEffect = (tx) => proof.settle(tx).then(() => undefined);
    return { kind: 'passed', context: { ...context, ...proved }, effect };
  }
  return { ...refused(context), effect: failing(visit, account?.username ?? uid_field, password.length, facts) };
}

/** Tells that somebody did not get in: it counts against the name and the address. */
function failing(
  { stage, request }: StageVisit<IdentificationSettings>,
  username: string,
  passwordLength: number,
  facts: StageFacts,
): StageEffect {
  const { pk, name } = stage;
  const told = { pk, name, model: identificationModel.model };
  const fact = { kind: 'login_failed', username, passwordLength, stage: told } as const;
  return (tx) => facts.record(tx, fact, request).then(() => undefined);
}

function refused(context: ContextPatch): StageOutcome & { kind: 'refused' } {
  return { kind: 'refused', errors: { non_field_errors: [fieldError('Failed to authenticate.')] }, context };
}

/**
 * Whom the plan is about from now on. Where unknown people are waved through, the page goes on showing what was typed until a password
 * is proved: showing the name of whoever was matched would tell who exists.
 */
function identified(settings: IdentificationSettings, typed: string, account: StageAccount | undefined): ContextPatch {
  const user: PendingUser =
    account === undefined
      ? { kind: 'unknown', username: typed }
      : { kind: 'account', pk: account.pk, uuid: account.uuid, username: account.username };
  const isHidden = !settings.show_matched_user || settings.pretend_user_exists;
  return {
    pending_user: user,
    pending_user_identifier: isHidden ? typed : undefined,
    identifier_until_proved: isHidden && settings.show_matched_user ? true : undefined,
    // What was proved before was proved for whoever was named before.
    auth_method: undefined,
    auth_method_args: undefined,
    user_backend: undefined,
  };
}
