import { createHmac, hkdfSync } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { Database, EntityManager } from '@postern/database';
import type { Metrics } from '@postern/observability';
import type { Attempt, StageAttempts } from '../stages/index.ts';
import { blockOf } from './address.block.ts';
import { type Budget, budgetsIn } from './budget.repository.ts';
import type { Devices } from './device.cookie.ts';
import type { LockoutSettings } from './lockout.settings.ts';

/** What counting attempts needs. */
export type AttemptDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly devices: Pick<Devices, 'knownTo'>;
  readonly settings: LockoutSettings;
  /** The installation's first secret: names that nobody has are kept as their HMAC, since people type passwords there. */
  readonly secret: string;
  readonly clock: { now(): Date };
  readonly metrics: Pick<Metrics, 'counter'>;
};

/** Attempts, as the features of this service count them. */
export type Attempts = StageAttempts & {
  /** Counts an attempt in a transaction of the caller's that is committed before anything is judged. */
  readonly reserveIn: (em: EntityManager, tenant: string, attempt: Attempt) => Promise<'allowed' | 'refused'>;
  /** Takes back an attempt that was not judged after all. */
  readonly gaveUp: StageAttempts['succeeded'];
};

/** The two budgets that an attempt uses: the wide one keeps many accounts or devices from being tried in turn. */
type Used = { readonly wide: Budget; readonly narrow: Budget; readonly isKnown: boolean };

/** Devices of one account together: whoever has a password once must not get a budget for each time they sign in. */
const DEVICES_TOGETHER = 5;

/** Creates what counts attempts. */
export function createAttempts(deps: AttemptDeps): Attempts {
  const { database, clock, metrics } = deps;
  const budgetsOf = createBudgets(deps);
  const counted = metrics.counter({
    name: 'postern_sign_in_attempts_total',
    help: 'Passwords, codes and recovery mails that people tried, by whether they were looked at.',
    labels: ['kind', 'verdict'],
  });

  const reserveIn: Attempts['reserveIn'] = async (em, tenant, attempt) => {
    const verdict = (await use(em, await budgetsOf(tenant, attempt), clock.now())) ? 'allowed' : 'refused';
    counted.add({ kind: attempt.kind, verdict });
    return verdict;
  };
  return {
    reserveIn,
    reserve: (tenant, attempt) => database.write({ tenant }, (em) => reserveIn(em, tenant, attempt)),
    async gaveUp(tx, tenant, attempt) {
      const { wide, narrow } = await budgetsOf(tenant, attempt);
      await budgetsIn(tx).giveBack(narrow.key, 1, wide.key);
    },
    async succeeded(tx, tenant, attempt) {
      const { wide, narrow, isKnown } = await budgetsOf(tenant, attempt);
      // Their own device starts anew. What strangers used of an account stays used: somebody signs in to it every day.
      await budgetsIn(tx).giveBack(narrow.key, isKnown ? narrow.limit : 1, wide.key);
    },
  };
}

/** Uses what is kept of the two; what is not kept is never used up. */
async function use(em: EntityManager, { narrow, wide }: Used, now: Date): Promise<boolean> {
  const [first, second] = [narrow, wide].filter(({ key, limit }) => key !== '' && limit > 0);
  if (first === undefined) return true;
  return second === undefined ? budgetsIn(em).use(first, now) : budgetsIn(em).useBoth(first, second, now);
}

function createBudgets({ devices, settings, secret }: AttemptDeps) {
  const { ipv4Prefix, ipv6Prefix, exempt } = settings;
  const exempted = blockListOf(exempt);
  const sizes = { ipv4: ipv4Prefix, ipv6: ipv6Prefix };
  const naming = Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/attempted-name/v1', 32));
  const nameOf = (name: string) =>
    createHmac('sha256', naming).update(name.normalize('NFKC').trim().toLowerCase()).digest('base64url');

  function networkOf(address: string): string | undefined {
    const family = isIP(address);
    if (family !== 0 && exempted.check(address, family === 4 ? 'ipv4' : 'ipv6')) return undefined;
    return blockOf(address, sizes);
  }

  return async (tenant: string, { kind, user, name, client }: Attempt): Promise<Used> => {
    const limits = settings[kind];
    const budget = (key: string, limit: number): Budget => ({ key: `${kind}:${key}`, limit, window: limits.window });
    const device = user === undefined ? undefined : await devices.knownTo(tenant, user, client);
    if (device !== undefined) {
      const together = budget(`devices:${user}`, limits.device * DEVICES_TOGETHER);
      return { wide: together, narrow: budget(`device:${device}:${user}`, limits.device), isKnown: true };
    }
    const network = networkOf(client.address);
    const wide = network === undefined ? NOBODY : budget(`network:${network}`, limits.address);
    const who = user === undefined ? name && `name:${nameOf(name)}` : `user:${user}`;
    return { wide, narrow: who ? budget(who, limits.user) : NOBODY, isKnown: false };
  };
}

/** A budget that is not kept. */
const NOBODY: Budget = { key: '', limit: 0, window: 1 };

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
