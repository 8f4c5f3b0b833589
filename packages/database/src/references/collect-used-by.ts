import type { UsedBy } from './create-references.ts';

/** One service, asked for its objects that refer to another. */
export type UsedByClient = { usedBy(model: string, key: string): Promise<readonly UsedBy[]> };

/**
 * Asks every service who refers to an object. Rejects when one does not answer: a list that lacks some users would invite somebody to
 * delete what is in use.
 *
 * @param clients every service, the asking one included, in the order of the answer
 * @param isVisible whether the caller may view objects of a model, such as `authentik_core.group`; the others are left out
 */
export async function collectUsedBy(
  clients: readonly UsedByClient[],
  target: { model: string; key: string },
  isVisible: (model: string) => boolean,
): Promise<UsedBy[]> {
  const answers = await Promise.all(clients.map((client) => client.usedBy(target.model, target.key)));
  return answers.flat().filter(({ app, model_name }) => isVisible(`${app}.${model_name}`));
}
