import type { Database } from '@postern/database';
import type { Fact, Outbox } from '@postern/messaging';
import { holdings } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { accountsIn } from '../accounts/index.ts';
import { type Passwords, passwordsIn } from '../passwords/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { takeHoldings } from './holding.repository.ts';

/** What ending holdings needs. */
export type HoldingDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly passwords: Pick<Passwords, 'change'>;
};

/**
 * Ends what a user holds: sessions, password, tokens, devices, consents, links that wait for them. Whoever acts as them stops. Sessions are
 * counted by their facts, of which some were told before anybody asks.
 */
export function createHoldingRpc({ database, outbox, sessions, passwords }: HoldingDeps): BoundService {
  return bind(holdings.HoldingServiceDefinition, {
    endHoldings: ({ user }, call) =>
      database.write(call.context, async (em) => {
        const account = await accountsIn(em).find(user);
        if (account === undefined) return { ended: [] };
        const context = eventContext(call);
        await sessions.end(em, { user }, 'user_deactivated', context);
        await sessions.end(em, { impersonated: user }, 'user_deactivated', context);
        const hash = await passwordsIn(em).findHash(user);
        if (hash !== undefined) await passwords.change(em, account, undefined, {}, context);
        const taken = { passwords: hash === undefined ? [] : [TOLD], ...(await takeHoldings(em, account)) };
        await outbox.record(em, context, Object.values(taken).flat(2));
        return {
          ended: Object.entries(taken).flatMap(([kind, { length: count }]) => (count > 0 ? [{ kind, count }] : [])),
        };
      }),
  });
}

/** What has been told already. */
const TOLD: readonly Fact[] = [];
