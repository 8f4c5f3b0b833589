import { asNumber, defineList, exact, type PlainRow, referable } from '@postern/database';
import type { Geo, Place } from '@postern/geo';
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
  encode: (rows) => rows.map((row) => encode(row, undefined)),
};

/** Records with where their addresses are, as far as that is known. */
export function reputationsWith(geo: Pick<Geo, 'locate'>): Resource<ReputationRow, auth.Reputation> {
  return {
    ...reputations,
    encode: (rows) => Promise.all(rows.map(async (row) => encode(row, await geo.locate(row.ip)))),
  };
}

function encode(row: PlainRow<ReputationRow>, place: Place | undefined): auth.Reputation {
  const { pk, identifier, ip, score, updated } = row;
  return { pk, identifier, ip, ip_geo_data: { ...place }, score, updated: new Date(updated).toISOString() };
}

/** Records, as others refer to them. */
export const referableReputations = referable(reputations);
