import { type Database, DEFAULT_TENANT } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import { hostNameOf } from './host-name.ts';
import { tenantCreated } from './tenant.events.ts';
import { addDomain, addTenant } from './tenant.repository.ts';

/** A tenant to create. */
export type NewTenant = {
  readonly name: string;
  readonly domains: readonly string[];
  readonly label?: string;
  readonly ready?: boolean;
};

/** Tenants, and what belongs to none of them. */
export type Tenants = {
  /** Key of the tenant that answers to a host name, with or without a port; the default one answers to whatever no other claims. */
  ofHost(host: string): Promise<string>;
  /**
   * Creates a tenant. Every service gives it what it starts with when it hears of it. Throws DOMAIN_TAKEN and TENANT_LABEL_TAKEN. Answers its
   * key.
   */
  create(tenant: NewTenant, context: EventContext): Promise<string>;
  /** Id of the installation, the same for ever. */
  installId(): Promise<string>;
};

/** What tenants need. */
export type TenantsDeps = {
  readonly db: Pick<Database, 'system'>;
  readonly outbox: Outbox;
  readonly ids: { next(): string };
};

/** Creates the keeper of tenants. */
export function createTenants({ db, outbox, ids }: TenantsDeps): Tenants {
  return {
    ofHost: (host) =>
      db.system(async (em) => {
        const rows = await em.execute<{ tenant_pk: string }[]>('select tenant_pk from domain where domain = ?', [
          hostNameOf(host),
        ]);
        return rows[0]?.tenant_pk ?? DEFAULT_TENANT;
      }),

    create: ({ name, domains, label, ready }, context) =>
      db.system(async (em) => {
        const pk = ids.next();
        await addTenant(em, { pk, name, label, ready });
        for (const [index, domain] of domains.entries())
          await addDomain(em, { domain: hostNameOf(domain), isPrimary: index === 0, tenant: pk });
        await outbox.record(em, { ...context, tenant: pk }, tenantCreated({ pk, name, domains: [...domains] }));
        return pk;
      }),

    installId: () =>
      db.system(async (em) => {
        const rows = await em.execute<{ id: string }[]>('select id from installation');
        if (!rows[0]) throw new Error('the installation has lost its id');
        return rows[0].id;
      }),
  };
}
