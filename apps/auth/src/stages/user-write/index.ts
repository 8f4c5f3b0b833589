/** Writes what prompts collected: to the pending user, else to whoever is signed in, else to a new user where the stage allows one. */

import { defineStage, IMPERSONATING, readSettings, type StageKind } from '../../plans/index.ts';
import { isImposed } from '../device.owner.ts';
import { draftOf } from './draft.ts';
import { type UserWriting, writeUser } from './respond.ts';
import { userWriteSettings } from './settings.ts';

export { changedAttributes } from './attributes.ts';
export type { UserWriting } from './respond.ts';
export { USER_TYPES, userWriteModel, userWriteSettings } from './settings.ts';

/** Creates the user write stage. */
export function createUserWriteStage(deps: UserWriting): StageKind {
  return defineStage({
    kind: 'user_write',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(userWriteSettings, stored),
    enter: async (visit) => {
      const { settings, context, request } = visit;
      if (request.requester?.impersonator !== undefined) return { kind: 'denied', message: IMPERSONATING };
      if (context.prompt_data === undefined) return { kind: 'denied', message: 'No Pending data.' };
      const pending =
        context.pending_user ?? (request.requester && { kind: 'account' as const, pk: request.requester.pk });
      const isNew = settings.user_creation_mode === 'always_create' || pending?.kind !== 'account';
      if (isNew && settings.user_creation_mode === 'never_create') {
        return { kind: 'denied', message: "No user found and can't create new user." };
      }
      if (!isNew && (await isImposed(deps.accounts, visit))) return { kind: 'denied' };
      const { username } = draftOf(context, []).fields;
      if (username === '' || (isNew && username === undefined)) return { kind: 'denied' };
      return { kind: 'passed', effect: writeUser(visit, isNew ? undefined : pending?.pk, deps) };
    },
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}
