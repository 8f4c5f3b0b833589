import {
  type ContextPatch,
  fieldError,
  type ResponseErrors,
  type StageEffect,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import type { PasswordProof, StageAccount, StageAccounts, StageFacts, StagePasswords } from '../stage.ports.ts';
import { type PasswordSettings, passwordModel } from './settings.ts';

/** What judging a password needs. */
export type PasswordJudge = {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly passwords: Pick<StagePasswords, 'verify'>;
  readonly facts: StageFacts;
};

/** Judges a password. Somebody unknown is judged like somebody known whose password is another: same work, same answer. */
export async function judgePassword(
  visit: StageVisit<PasswordSettings>,
  password: string,
  { accounts, passwords, facts }: PasswordJudge,
): Promise<StageOutcome> {
  const { context, request, settings, stage } = visit;
  const pending = context.pending_user;
  if (pending === undefined) return { kind: 'denied' };
  const account = await accounts.findByPk(request.tenant, pending.kind === 'account' ? pending.pk : 0);
  const from = { name: pending.username, client: request.client };
  const proof = await passwords.verify(request.tenant, account, password, settings.backends, from);
  if (proof !== undefined && account !== undefined) {
    const effect: StageEffect = (tx) => proof.settle(tx).then(() => undefined);
    return { kind: 'passed', context: provedBy(account, proof, context.identifier_until_proved === true), effect };
  }
  const fact = {
    kind: 'login_failed',
    username: pending.username,
    passwordLength: password.length,
    stage: { pk: stage.pk, name: stage.name, model: passwordModel.model },
  } as const;
  const errors = { password: [fieldError('Invalid password')] };
  return countFailure(visit, errors, (tx) => facts.record(tx, fact, request).then(() => undefined));
}

/** Refuses an answer and counts it: the plan ends when its limit is reached. */
export function countFailure(
  { memory, settings }: StageVisit<PasswordSettings>,
  errors: ResponseErrors,
  effect?: StageEffect,
): StageOutcome {
  const failures = (typeof memory.failures === 'number' ? memory.failures : 0) + 1;
  if (failures >= settings.failed_attempts_before_cancel) return { kind: 'denied', effect };
  return { kind: 'refused', errors, memory: { failures }, effect };
}

/** What the plan knows once a password was proved. */
export function provedBy(account: StageAccount, proof: PasswordProof, showsName: boolean): ContextPatch {
  return {
    pending_user: {
      kind: 'account',
      pk: account.pk,
      uuid: account.uuid,
      username: account.username,
      backend: proof.backend,
    },
    user_backend: proof.backend,
    auth_method: proof.method,
    auth_method_args: proof.args,
    ...(showsName ? { pending_user_identifier: undefined, identifier_until_proved: undefined } : {}),
  };
}
