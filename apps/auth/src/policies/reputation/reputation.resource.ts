import { asNumber, defineList, exact, referable } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { ReputationEntity, type ReputationRow } from './reputation.entity.ts';

/** Records as a resource. */
export const reputations: Resource<ReputationRow, auth.Reputation> = {
  model: 'authentik_policies_reputation.reputation',
  type: 'postern.auth.v1.Reputation',
  subject: 'auth.v1.reputation',
  entity: ReputationEntity,
  list: defineList({
    entity: ReputationEntity,
    filters: { identifier: exact('identifier'), ip: exact('ip'), score: exact('score', asNumber) },
    search: ['identifier', 'ip'],
    ordering: { ip: 'ip', identifier: 'identifier', score: 'score', updated: 'updated', pk: 'pk' },
    defaultOrder: ['ip'],
  }),
  fields: {},
  title: ({ identifier, ip }) => `Reputation ${identifier}/${ip}`,
  encode: (rows) =>
    rows.map(({ pk, identifier, ip, score, updated }) => ({
      pk,
      identifier,
      ip,
      ip_geo_data: {},
      score,
      updated: new Date(updated).toISOString(),
    })),
};

/** Records, as others refer to them. */
export const referableReputations = referable(reputations);
