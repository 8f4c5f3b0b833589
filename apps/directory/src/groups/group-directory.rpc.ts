import type { Database } from '@postern/database';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { userFacts } from '../users/index.ts';
import { findGroups, findGroupsByName, pageOfMembers } from './group.repository.ts';
import type { ShowGroups } from './group.view.ts';

/** What the service needs. */
export type GroupDirectoryDeps = { readonly db: Pick<Database, 'read'>; readonly show: ShowGroups };

const PAGE = 1_000;

/** Answers the other services about groups and those who belong to them. */
export function bindGroupDirectory({ db, show }: GroupDirectoryDeps): BoundService {
  return bind(directory.GroupDirectoryServiceDefinition, {
    batchGetGroups: ({ pks }, { context }) =>
      db.read(context, async (em) => ({ groups: await show(em, await findGroups(em, pks)) })),

    findGroupsByName: ({ name }, { context }) =>
      db.read(context, async (em) => ({ pks: await findGroupsByName(em, name) })),

    listGroupMembers: ({ group_uuid, after, limit }, { context }) =>
      db.read(context, async (em) => {
        const rows = await pageOfMembers(em, { group: group_uuid, after, limit: limit || PAGE });
        return { users: rows.map(userFacts) };
      }),
  });
}
