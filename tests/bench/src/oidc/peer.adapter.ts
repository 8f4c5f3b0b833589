import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';

/** The table that the adapter keeps everything in, as the examples of its makers do. */
export const PEER_TABLE = `create table if not exists oidc_payload (
  id text not null, kind text not null, payload jsonb not null, grant_id text, user_code text, uid text,
  expires timestamptz, consumed timestamptz, primary key (kind, id))`;
export const PEER_INDEXES = [
  'create index if not exists oidc_payload__grant on oidc_payload (grant_id)',
  'create index if not exists oidc_payload__uid on oidc_payload (uid)',
];

const COLUMNS = `payload, consumed, expires < now() as expired`;

/** Creates the adapter of a model on PostgreSQL: every statement prepared, no transaction around any. */
export function peerAdapter(pool: Pool, kind: string): Adapter {
  const run = async (name: string, text: string, values: unknown[]) =>
    (
      await pool.query<{ payload: AdapterPayload; consumed: Date | null; expired: boolean | null }>({
        name,
        text,
        values,
      })
    ).rows[0];
  const find = async (column: 'id' | 'uid' | 'user_code', value: string) => {
    const text = `select ${COLUMNS} from oidc_payload where kind = $1 and ${column} = $2`;
    const row = await run(`find ${column}`, text, [kind, value]);
    if (row === undefined || row.expired === true) return undefined;
    return row.consumed === null ? row.payload : { ...row.payload, consumed: true };
  };
  return {
    async upsert(id, payload, expiresIn) {
      const expires = Number.isFinite(expiresIn) ? new Date(Date.now() + expiresIn * 1_000) : null;
      await run(
        'upsert',
        `insert into oidc_payload (kind, id, payload, grant_id, user_code, uid, expires) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (kind, id) do update set payload = excluded.payload, expires = excluded.expires`,
        [kind, id, JSON.stringify(payload), payload.grantId, payload.userCode, payload.uid, expires],
      );
    },
    find: (id) => find('id', id),
    findByUid: (uid) => find('uid', uid),
    findByUserCode: (code) => find('user_code', code),
    async consume(id) {
      await run('consume', 'update oidc_payload set consumed = now() where kind = $1 and id = $2', [kind, id]);
    },
    async destroy(id) {
      await run('destroy', 'delete from oidc_payload where kind = $1 and id = $2', [kind, id]);
    },
    async revokeByGrantId(grant) {
      await run('revoke', 'delete from oidc_payload where kind = $1 and grant_id = $2', [kind, grant]);
    },
  };
}
