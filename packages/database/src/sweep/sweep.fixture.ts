/** Tickets of tenants: some end, some do not. */

import { defineEntity, enableTenancy, p, sweptTable, TENANT_COLUMNS, tenantTable } from '../index.ts';

export const Ticket = defineEntity({
  name: 'Ticket',
  tableName: 'ticket',
  properties: { ...tenantTable(), secret: p.text(), ends: p.datetime(), ending: p.boolean().default(true) },
});

export const tickets = {
  schema: 'tickets',
  entities: [Ticket],
  migrations: [
    {
      name: 'tickets/0001-tickets',
      up: [
        'create table known_tenant (tenant uuid primary key)',
        `create table ticket (${TENANT_COLUMNS}, secret text not null, ends timestamptz not null, ending boolean not null default true)`,
        ...enableTenancy('ticket'),
        ...sweptTable('ticket', { column: 'ends', where: 'ending' }),
      ],
    },
  ],
};
