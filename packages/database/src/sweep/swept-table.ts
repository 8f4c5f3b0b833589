import { quote } from '../migration-sql.ts';
import { TENANT_SETTING } from '../tenancy.ts';

/** What of a table is over when its time has passed. */
export type SweptColumn = {
  /** Column that says until when a row counts. Default: `expires`. */
  readonly column?: string;
  /** Condition, as SQL, that a row meets to be over at all, such as `expiring`. Default: every row. */
  readonly where?: string;
};

/** Name of the setting that opens a table to its owner, while the function runs. */
const SWEEPING = 'postern.sweep';

/** No tenant's. The policy of tenants asks for a setting, and fails without one. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Rows that are looked at for one answer: what an answer costs does not grow with the backlog. */
const LOOKED_AT = 10_000;

/** Function that says which tenants have rows of a table that are over. */
export function sweepFunction(table: string): string {
  return `expired_tenants_${table}`;
}

/**
 * Makes it known which tenants have rows of a table whose time has passed, and nothing else about them: a function of the owner that
 * answers keys of tenants. Put it after `enableTenancy`. A tenant without such rows costs nothing: an index leads to those there are.
 *
 * The policy lets the owner alone read across tenants, and only while the function runs. The function names the table by its schema and
 * looks for nothing on the path of its caller. An owner who may make no role serves under its own name, and a second policy would keep
 * its queries from the indexes that begin with the tenant: there the function answers every tenant that the app knows.
 */
export function sweptTable(table: string, { column = 'expires', where }: SweptColumn = {}): string[] {
  const [name, ends] = [quote(table), quote(column)];
  const head = `create function ${quote(sweepFunction(table))}(before timestamptz, skipped uuid[]) returns setof uuid`;
  const index = `create index ${quote(`${table}__sweep`)} on ${name} (${ends}, tenant_id)${where ? ` where ${where}` : ''}`;
  const policy = `create policy sweep on ${name} for select to current_user
    using ((select current_setting('${SWEEPING}', true)) = 'on')`;
  // A setting in the head of a function takes a superuser to put it there.
  const across = `${head} language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
    declare tenant text := current_setting('${TENANT_SETTING}', true);
    begin
      perform set_config('${SWEEPING}', 'on', true), set_config('${TENANT_SETTING}', '${NOBODY}', true);
      return query select distinct tenant_id from (
        select tenant_id from %I.${name} where ${ends} <= $1${where ? ` and (${where})` : ''} and tenant_id <> all ($2)
        order by ${ends} limit ${LOOKED_AT}
      ) as oldest;
      perform set_config('${SWEEPING}', '', true), set_config('${TENANT_SETTING}', coalesce(tenant, ''), true);
    end $body$`;
  const known = `${head} language sql stable begin atomic select tenant from known_tenant where tenant <> all (skipped); end`;
  return [
    index,
    `do $do$ begin
      if (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) then
        execute $sql$${policy}$sql$;
        execute format($sql$${across}$sql$, current_schema());
      else
        execute $sql$${known}$sql$;
      end if;
    end $do$`,
  ];
}
