import { custom, defineEntity, defineList, exact, type InferEntity, p, tenantTable } from '@postern/database';
import { invalidField } from '@postern/errors';
import { Account } from '../accounts/index.ts';
import { FlowEntity } from '../flows/index.ts';
import type { JsonObject } from '../plans/index.ts';

/** Lets somebody pass invitation stages. */
export const Invitation = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    ...tenantTable(),
    name: p.string().length(50),
    expires: p.datetime(),
    fixedData: p.json<JsonObject>().defaultRaw(`'{}'`),
    singleUse: p.boolean().default(false),
    /** Null: good for every flow. */
    flow: () => p.manyToOne(FlowEntity).mapToPk().deleteRule('set null').nullable(),
    /** Null where a service made it. */
    createdBy: () => p.manyToOne(Account).mapToPk().deleteRule('cascade').nullable(),
  },
});

export type InvitationRow = InferEntity<typeof Invitation>;

/** What the list of invitations offers. */
export const invitationList = defineList({
  entity: Invitation,
  filters: {
    name: exact('name'),
    expires: custom((value) => ({ expires: instant(value) })),
    created_by_username: exact('createdBy.username'),
    flow_slug: exact('flow.slug'),
  },
  search: ['name', 'createdBy.username', 'flow.slug'],
  ordering: {
    pk: 'pk',
    name: 'name',
    expires: 'expires',
    created_by: 'createdBy',
    created_by__username: 'createdBy.username',
    single_use: 'singleUse',
    flow: 'flow',
    flow__slug: 'flow.slug',
  },
  defaultOrder: ['-expires'],
});

function instant(value: unknown): Date {
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime())) throw invalidField('expires', 'Enter a valid date/time.');
  return time;
}
