import { type Migration, sweptTable } from '@postern/database';

const ENDS = 'goauthentik.io/user/expires';
/** The last second of the year 9999. */
const LATEST = 253_402_300_799;

// Free-form properties may hold anything: a cast is tried only on what is known to stand it, which `and` would not promise.
const TEMPORARY_UNTIL = `case when attributes @> '{"goauthentik.io/user/generated": true}' then
  case when jsonb_typeof(attributes -> '${ENDS}') = 'number' then
    case when (attributes ->> '${ENDS}')::numeric between 0 and ${LATEST} then
      to_timestamp((attributes ->> '${ENDS}')::float8) end end end`;

/** Until when a user counts whom a source made for one visit: out of the properties, so that they can be found. */
export const TEMPORARY_USER_MIGRATIONS: readonly Migration[] = [
  {
    name: 'directory/0090-temporary-users',
    up: [
      `alter table user_account add column temporary_until timestamptz generated always as (${TEMPORARY_UNTIL}) stored`,
      ...sweptTable('user_account', { column: 'temporary_until', where: 'temporary_until is not null' }),
    ],
  },
];
