import { createHash, timingSafeEqual } from 'node:crypto';
import type { EntityManager, SecretBox } from '@postern/database';
import type { Call } from '@postern/rpc';
import { maySeeSecrets } from './stage.codec.ts';
import type { StageModel } from './stage.model.ts';
import { openSettings, type StoredSettings, secretsOf } from './stage.secrets.ts';

/** A condition that leaves some stages. */
export type SomeStages = { readonly pk: { readonly $in: readonly string[] } };

/**
 * The stages of a kind whose readable secrets are those that a list asks for; undefined where it asks for none. A value is sealed
 * differently each time, so all are opened and compared here: there are few of them. Whoever may not see secrets finds nothing by them.
 */
export async function bySecrets(
  em: EntityManager,
  { model, box }: { readonly model: StageModel; readonly box: Pick<SecretBox, 'open'> },
  request: object,
  context: Call['context'],
): Promise<SomeStages | undefined> {
  const asked = secretsOf(model, 'readable').flatMap((name): [string, string][] => {
    const value: unknown = Reflect.get(request, name);
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  if (asked.length === 0) return undefined;
  if (!maySeeSecrets(context, model.model)) return { pk: { $in: [] } };
  const sql = 'select pk, settings, secrets from stage where kind = ? and secrets is not null';
  const rows = await em.execute<({ pk: string } & StoredSettings)[]>(sql, [model.kind]);
  const isMeant = (row: StoredSettings) => {
    const all = openSettings(box, row);
    return asked.every(([name, value]) => isSame(String(all[name] ?? ''), value));
  };
  return { pk: { $in: rows.filter(isMeant).map(({ pk }) => pk) } };
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}
