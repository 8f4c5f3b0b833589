import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { AttemptKind } from '../stages/index.ts';
import type { Attempts } from './attempts.operations.ts';

/** What other services count here, by its name in messages. */
const KINDS: ReadonlyMap<string, AttemptKind> = new Map([
  ['user_code', 'userCode'],
  ['device_request', 'deviceRequest'],
]);

/** Serves the services that are asked for what can be guessed. */
export function createAttemptRpc({ attempts }: { attempts: Pick<Attempts, 'reserve'> }): BoundService {
  return bind(auth.AttemptServiceDefinition, {
    reserveAttempt: async ({ kind, user }, { context }) => {
      const { tenant, client } = context;
      const counted = KINDS.get(kind);
      if (counted === undefined) throw common.INVALID_ARGUMENT();
      const { address, cookies = {} } = client;
      const verdict = await attempts.reserve(tenant, { kind: counted, user, client: { address, cookies } });
      return { allowed: verdict === 'allowed' };
    },
  });
}
