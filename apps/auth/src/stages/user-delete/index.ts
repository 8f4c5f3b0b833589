/** Deletes the account of the pending user, else of whoever is signed in, without asking: stages before it ask. The browser is signed out first. */

import { defineStage, readSettings, type StageKind, type StageVisit } from '../../plans/index.ts';
import { isImposed } from '../device.owner.ts';
import type { StageAccounts, StageSessions, UserDirectory } from '../stage.ports.ts';
import { userDeleteSettings } from './settings.ts';

export { userDeleteModel, userDeleteSettings } from './settings.ts';

/** What the delete stage needs. */
export type UserDeleteStageDeps = {
  readonly sessions: Pick<StageSessions, 'end'>;
  readonly directory: Pick<UserDirectory, 'remove'>;
  readonly accounts: Pick<StageAccounts, 'hasRights'>;
};

/** Creates the delete stage. */
export function createUserDeleteStage({ sessions, directory, accounts }: UserDeleteStageDeps): StageKind {
  return defineStage({
    kind: 'user_delete',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(userDeleteSettings, stored),
    enter: async (visit) => {
      const user = personOf(visit);
      if (user === undefined) return { kind: 'denied', message: 'No Pending User.' };
      if (await isImposed(accounts, visit)) return { kind: 'denied' };
      const { session, request } = visit;
      return {
        kind: 'passed',
        context: { pending_user: undefined, pending_user_identifier: undefined },
        effect: async (tx) => {
          const grant = await sessions.end(tx, session, request.client);
          await directory.remove(request.tenant, user);
          return { session: grant };
        },
        forgetNext: true,
      };
    },
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}

/** Whose account goes: somebody unknown has none, and nobody's goes through somebody who acts as them. */
function personOf({ context, request }: StageVisit<object>): number | undefined {
  const pending = context.pending_user;
  if (request.requester?.impersonator !== undefined) return undefined;
  if (pending === undefined) return request.requester?.pk;
  return pending.kind === 'account' ? pending.pk : undefined;
}
