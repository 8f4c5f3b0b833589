import { type Database, defineList, type EntityManager, listPage } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { changeOf, eventContext } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { requireHostName } from './host-name.ts';
import { Domain, type DomainRow } from './tenant.entity.ts';
import { domainFact } from './tenant.events.ts';
import * as rows from './tenant.repository.ts';

/** What domains need. */
export type DomainsDeps = { readonly db: Pick<Database, 'system'>; readonly outbox: Outbox };

const domainList = defineList({
  entity: Domain,
  search: ['domain'],
  ordering: { id: 'id', domain: 'domain', is_primary: 'isPrimary', tenant: 'tenant' },
  defaultOrder: ['domain'],
});

/** Hosts of tenants, for operators. The first of a tenant is its primary one, until another takes its place or somebody says that none is. */
export function bindDomains({ db, outbox }: DomainsDeps): BoundService {
  return bind(directory.DomainServiceDefinition, {
    listDomains: (request) =>
      db.system(
        async (em) => {
          const { pagination, results } = await listPage(em, domainList, request);
          return { pagination, results: results.map(encode) };
        },
        { readOnly: true },
      ),

    getDomain: ({ id }) => db.system(async (em) => encode(await rows.getDomain(em, id))),

    addDomain: ({ host: given }, call) =>
      db.system(async (em) => {
        if (!given) throw common.INVALID_ARGUMENT();
        const domain = requireHostName(given.domain);
        const tenant = await lockOwner(em, given.tenant);
        const isPrimary = given.is_primary || !(await rows.hasOtherPrimary(em, tenant, 0));
        const id = await rows.addDomain(em, { domain, isPrimary, tenant });
        const row = { id, domain, isPrimary, tenant };
        if (isPrimary) await rows.demoteOthers(em, tenant, id);
        await outbox.record(em, contextOf(call, tenant), domainFact('created', row));
        return encode(row);
      }),

    updateDomain: ({ id, host: given, update_mask }, call) =>
      db.system(async (em) => {
        if (!given) throw common.INVALID_ARGUMENT();
        const before = await lockDomain(em, id, changes(update_mask, 'tenant') ? given.tenant : undefined);
        const wanted = wantedOf(before, given, update_mask);
        const isMoved = wanted.tenant !== before.tenant;
        const isFirst = isMoved && !(await rows.hasOtherPrimary(em, wanted.tenant, id));
        const row = { ...wanted, isPrimary: wanted.isPrimary || isFirst };
        await rows.storeDomain(em, row);
        if (row.isPrimary) await rows.demoteOthers(em, row.tenant, id);
        if (isMoved) await rows.promoteOldest(em, before.tenant);
        const change = changeOf(Object.keys(encode(row)), { ...encode(before) }, { ...encode(row) });
        if (change.changed.length > 0)
          await outbox.record(em, contextOf(call, row.tenant), domainFact('updated', row, change));
        return encode(row);
      }),

    deleteDomain: ({ id }, call) =>
      db.system(async (em) => {
        const row = await lockDomain(em, id);
        await em.execute('delete from domain where id = ?', [id]);
        await rows.promoteOldest(em, row.tenant);
        await outbox.record(em, contextOf(call, row.tenant), domainFact('deleted', row));
        return {};
      }),
  });
}

function wantedOf(before: DomainRow, given: directory.Domain, mask: readonly string[] | undefined): DomainRow {
  return {
    ...before,
    domain: changes(mask, 'domain') ? requireHostName(given.domain) : before.domain,
    isPrimary: changes(mask, 'is_primary') ? given.is_primary : before.isPrimary,
    tenant: changes(mask, 'tenant') ? given.tenant : before.tenant,
  };
}

function changes(mask: readonly string[] | undefined, field: keyof directory.Domain): boolean {
  return mask?.includes(field) ?? true;
}

/**
 * A domain whose tenant nobody else changes before this transaction ends, nor the one that it moves to: locked in one order, so that two who do the
 * opposite do not wait for each other. Throws NOT_FOUND.
 */
async function lockDomain(em: EntityManager, id: number, target?: string): Promise<DomainRow> {
  const { tenant } = await rows.getDomain(em, id);
  for (const owner of [...new Set([tenant, target ?? tenant])].toSorted()) await lockOwner(em, owner);
  const row = await rows.getDomain(em, id);
  if (row.tenant !== tenant) throw common.ABORTED();
  return row;
}

/** Locks the tenant of a domain and answers its key. Throws a field error where there is no such tenant. */
async function lockOwner(em: EntityManager, pk: string): Promise<string> {
  const tenant = await rows.lockTenant(em, pk).catch((error: unknown) => {
    if (!common.NOT_FOUND.is(error)) throw error;
    throw invalidField('tenant', `Invalid pk "${pk}" - object does not exist.`, 'DOES_NOT_EXIST');
  });
  return tenant.pk;
}

/** The fact is about the tenant whose host it is. */
function contextOf(call: Call, tenant: string) {
  return { ...eventContext(call), tenant };
}

function encode({ id, domain, isPrimary, tenant }: DomainRow): directory.Domain {
  return { id, domain, is_primary: isPrimary, tenant };
}
