import { type EntityManager, getOr404, type PlainRow } from '@postern/database';
import { invalidFields, type Violation } from '@postern/errors';
import type { Assigned, Assignments } from '../providers/index.ts';
import { findProviders, ProviderEntity } from '../providers/index.ts';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';

/** An application by its slug. Throws NOT_FOUND. */
export function applicationBySlug(em: EntityManager, slug: string): Promise<ApplicationRow> {
  return getOr404(em, ApplicationEntity, { slug });
}

/** Tells providers which applications use them. */
export const findAssignments: Assignments = async (em, rows) => {
  const owners = rows.flatMap(({ backchannelApplication }) => backchannelApplication ?? []);
  const found = await em
    .createQueryBuilder(ApplicationEntity)
    .where({ $or: [{ provider: { $in: rows.map(({ pk }) => pk) } }, { pk: { $in: owners } }] })
    .execute<PlainRow<ApplicationRow>[]>('all');
  const name = ({ slug, name }: Assigned): Assigned => ({ slug, name });
  return new Map(
    rows.map(({ pk, backchannelApplication }) => {
      const application = found.find(({ provider }) => provider === pk);
      const backchannel = found.find((one) => one.pk === backchannelApplication);
      const own = { ...(application && { application: name(application) }) };
      return [pk, { ...own, ...(backchannel && { backchannel: name(backchannel) }) }];
    }),
  );
};

/** Replaces the providers that work in the background of an application. Throws a field error for keys that name none. */
export async function setBackchannelProviders(
  em: EntityManager,
  application: string,
  keys: readonly number[],
): Promise<void> {
  const known = new Set((await findProviders(em, keys)).map(({ pk }) => pk));
  const violations = keys.map((key, index): Violation[] =>
    known.has(key)
      ? []
      : [
          {
            field: `backchannel_providers.${index}`,
            description: `Invalid pk "${key}" - object does not exist.`,
            reason: 'REFERENCE_NOT_FOUND',
          },
        ],
  );
  if (known.size < new Set(keys).size) throw invalidFields(violations.flat());
  const gone = { backchannelApplication: application, pk: { $nin: [...known] } };
  await em.nativeUpdate(ProviderEntity, gone, { backchannelApplication: null });
  await em.nativeUpdate(ProviderEntity, { pk: { $in: [...known] } }, { backchannelApplication: application });
}
