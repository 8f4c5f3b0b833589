import { timingSafeEqual } from 'node:crypto';
import { seconds } from '@postern/durations';
import type { FlowRequest, FlowTransaction, PlanContext, StageEffect, StageVisit } from '../../plans/index.ts';
import type { StageFacts } from '../stage.ports.ts';
import type { ConsentSettings } from './settings.ts';

/** A person and an application: what one consent is about. */
export type ConsentParties = { readonly user: number; readonly application: string };

/** A consent that was given. */
export type ConsentGrant = ConsentParties & { readonly permissions: readonly string[]; readonly expires?: Date };

/** What people have consented to. */
export type Consents = {
  /** Ids of the permissions of a consent that has not expired; undefined when there is none. */
  readonly find: (tenant: string, parties: ConsentParties) => Promise<readonly string[] | undefined>;
  /** Stores a consent in place of the one before; answers its key, and whether there was none. */
  readonly grant: (
    tx: FlowTransaction,
    consent: ConsentGrant,
  ) => Promise<{ readonly pk: number; readonly isNew: boolean }>;
};

/** Whose consent to what the plan asks for; undefined when the consent holds for this once and is not stored. */
export function partiesOf({ settings, context, request }: StageVisit<ConsentSettings>): ConsentParties | undefined {
  if (settings.mode === 'always_require' || context.consent_always === true) return undefined;
  // Whoever acts as somebody else does not consent for them.
  if (request.requester?.impersonator !== undefined) return undefined;
  const user = context.pending_user?.kind === 'account' ? context.pending_user.pk : request.requester?.pk;
  if (context.application === undefined || user === undefined) return undefined;
  return { user, application: context.application.pk };
}

/** Ids of the permissions that a plan asks for. */
export function askedIn(context: PlanContext): string[] {
  return (context.consent_permissions ?? []).map(({ id }) => id);
}

/** Whether two sets of permissions are equal: fewer than granted asks again, too. */
export function coversExactly(granted: readonly string[], asked: readonly string[]): boolean {
  const [left, right] = [new Set(granted), new Set(asked)];
  return left.size === right.size && [...left].every((id) => right.has(id));
}

/** Compares the token of an answer with the one that was shown, in constant time. */
export function isShownToken(sent: string, shown: unknown): boolean {
  if (typeof shown !== 'string') return false;
  const [left, right] = [Buffer.from(sent), Buffer.from(shown)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Stores what was consented to. */
export function storeConsent(
  { settings, context, request }: StageVisit<ConsentSettings>,
  parties: ConsentParties,
  { consents, facts, clock }: { consents: Consents; facts: StageFacts; clock: () => Date },
): StageEffect {
  const permissions = askedIn(context);
  const lasts = seconds(settings.consent_expire_in) * 1000;
  const expires = settings.mode === 'expiring' ? new Date(clock().getTime() + lasts) : undefined;
  return async (tx) => {
    const stored = await consents.grant(tx, { ...parties, permissions, expires });
    const names = { application: context.application?.name ?? '', username: usernameOf(context, request) };
    await facts.record(tx, { kind: 'consent_granted', ...parties, permissions, expires, stored, names }, request);
    return undefined;
  };
}

function usernameOf({ pending_user }: PlanContext, { requester }: FlowRequest): string {
  return pending_user?.username ?? requester?.username ?? '';
}
