import pg from 'pg';
import { deriveKey } from './derive-key.ts';
import { quote } from './migration-sql.ts';

/** Whom an app connects as. */
export type ServingRole = { name: string; url: string };

/**
 * The login role an app serves with. An owner who may create roles gets `postern_<schema>`, made on first use, whose password follows from the secret;
 * without that right the app serves as the role of `url`. Rejects when the result could look past row-level security.
 */
export async function prepareServingRole(url: string, schema: string, secret: string): Promise<ServingRole> {
  const role = (await mayCreateRoles(url))
    ? await ownRole(url, `postern_${schema}`, secret)
    : { name: userOf(url), url };
  await refuseBypass(role);
  return role;
}

async function ownRole(url: string, name: string, secret: string): Promise<ServingRole> {
  const password = deriveKey(secret, `role ${name}`).toString('base64url');
  const address = new URL(url);
  address.username = name;
  address.password = password;
  if (!(await lets(address.href))) await withClient(url, (client) => createRole(client, name, password));
  return { name, url: address.href };
}

// Another replica, or an app of another database of this server, may be doing the same.
async function createRole(client: pg.Client, name: string, password: string): Promise<void> {
  const attributes = `login nosuperuser nobypassrls nocreatedb nocreaterole noreplication password ${client.escapeLiteral(password)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
      await client.query(`${rowCount ? 'alter' : 'create'} role ${quote(name)} ${attributes}`);
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

async function lets(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => undefined);
    return true;
  } catch (error) {
    const isRefusal = error instanceof pg.DatabaseError && error.code?.startsWith('28');
    if (isRefusal) return false;
    throw error;
  }
}

function mayCreateRoles(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
    );
    return rows[0]?.may === true;
  });
}

async function refuseBypass({ name, url }: ServingRole): Promise<void> {
  const isBypassing = await withClient(url, async (client) => {
    const { rows } = await client.query(
      `select exists (select from pg_roles where (rolsuper or rolbypassrls) and pg_has_role(current_user, oid, 'member')) as yes`,
    );
    return rows[0]?.yes !== false;
  });
  if (isBypassing)
    throw new Error(`the database role "${name}" can look past row-level security; serve with one that cannot`);
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
