import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { OffBoarding } from './off-boarding.operations.ts';
import type { OffBoardingRow } from './off-boarding.repository.ts';

/** The end of what users can act by. */
export function bindOffBoarding(offBoarding: OffBoarding): BoundService {
  return bind(directory.OffBoardingServiceDefinition, {
    offBoardUser: async ({ id }, call) => encode(await offBoarding.start(id, call)),
    getOffBoarding: async ({ id }, call) => encode(await offBoarding.report(id, call)),
  });
}

function encode({
  pk,
  user,
  username,
  status,
  begunBy,
  begun,
  finished,
  parts,
}: OffBoardingRow): directory.OffBoarding {
  return {
    pk,
    user,
    username,
    status,
    begun_by: begunBy,
    begun: new Date(begun).toISOString(),
    finished: finished === null ? undefined : new Date(finished).toISOString(),
    parts: parts.map(({ ended, ...part }) => ({
      ...part,
      ended: Object.entries(ended).map(([kind, count]) => ({ kind, count })),
    })),
  };
}
