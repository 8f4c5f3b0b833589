import { createHmac } from 'node:crypto';
import { type Database, deriveKey, type EntityManager, type TenantScope } from '@postern/database';
import type { Json } from '../format/index.ts';

/** A value that can be set and not be read again: which object, which field. */
export type HiddenField = { readonly model: string; readonly key: Json; readonly field: string };

/** What is remembered of values that nobody can read: enough to see that a blueprint gives the same one again, and no more. */
export type AppliedValues = {
  /** Whether this was the value that a blueprint set last. */
  isLast(scope: TenantScope, where: HiddenField, value: Json): Promise<boolean>;
  remember(scope: TenantScope, where: HiddenField, value: Json): Promise<void>;
  /** Forgets an object that is gone. */
  forget(scope: TenantScope, where: Omit<HiddenField, 'field'>): Promise<void>;
};

/** Creates the memory. Values are kept as keyed hashes, each bound to its place. */
export function createAppliedValues({
  db,
  secrets,
}: {
  db: Pick<Database, 'read' | 'write'>;
  secrets: readonly string[];
}): AppliedValues {
  const keys = secrets.map((secret) => deriveKey(secret, 'blueprint values'));
  const macs = ({ model, key, field }: HiddenField, value: Json) =>
    keys.map((secret) =>
      createHmac('sha256', secret)
        .update(JSON.stringify([model, String(key), field, value]))
        .digest('base64url'),
    );
  const place = ({ model, key, field }: HiddenField) => [model, String(key), field];

  return {
    isLast: (scope, where, value) =>
      db.read(scope, async (em: EntityManager) => {
        const rows = await em.execute<{ mac: string }[]>(
          'select mac from blueprint_value where model = ? and object_key = ? and field = ?',
          place(where),
        );
        return rows.some(({ mac }) => macs(where, value).includes(mac));
      }),
    remember: (scope, where, value) =>
      db.write(scope, async (em) => {
        const [mac] = macs(where, value);
        await em.execute(
          `insert into blueprint_value (model, object_key, field, mac) values (?, ?, ?, ?)
           on conflict (tenant_id, model, object_key, field) do update set mac = excluded.mac`,
          [...place(where), mac],
        );
      }),
    forget: (scope, { model, key }) =>
      db.write(scope, async (em) => {
        await em.execute('delete from blueprint_value where model = ? and object_key = ?', [model, String(key)]);
      }),
  };
}
