import type { EntityManager } from '@postern/database';
import type { StoredPolicy } from '../plans/index.ts';

const STORED = 'select pk, kind, name, execution_logging as logging, settings from policy';

/** The policies of a transaction's tenant, as evaluation needs them. */
export function policiesIn(em: EntityManager) {
  return {
    named: async (name: string): Promise<StoredPolicy | undefined> =>
      (await em.execute<StoredPolicy[]>(`${STORED} where name = ?`, [name]))[0],
    byPk: (pks: readonly string[]): Promise<StoredPolicy[]> =>
      em.execute<StoredPolicy[]>(`${STORED} where pk = any (?::uuid[])`, [`{${pks.join(',')}}`]),
  };
}
