import type { Installation } from '../installation.ts';
import type { JourneyPlan } from '../load/load.plan.ts';
import { type Target, underLoad } from '../loaded.ts';
import { type Measure, percentile } from '../measure.ts';
import type { Part } from '../part.ts';
import { settled } from '../settled.ts';
import type { Operation } from './ask.ts';
import { type DatabaseCpu, databaseCpu } from './database.cpu.ts';
import { operationsOf } from './operations.ts';
import { startPeer } from './peer.ts';

const LANES = 32;
/** Enough for operations that are begun on time however long they take. */
const PACED_LANES = 64;
/** Both sides get as long to become warm: signing and storing pass through much code. */
const LASTS = { milliseconds: 3_000, warmUp: 5_000 };
const DATABASE = 'oidc_provider';

/** The hot operations of the protocol, next to `oidc-provider` with its data in PostgreSQL and in memory. */
export const oidc: Part = {
  name: 'oidc',
  async run(stage) {
    const installation = await stage.installation();
    const [user = ''] = await stage.people();
    const operations = await operationsOf(installation, user);
    const used = await databaseCpu(installation.sql);
    const measures: Measure[] = [];
    const own = new Map<Operation, number>();
    for (const operation of operations) {
      const ask = await operation.ask(LANES);
      await settled(installation.server);
      const { rate, note } = await loaded(installation, ask, used);
      own.set(operation, rate);
      const left = `what it left was done ${(await settled(installation.server)).toFixed(0)} s later`;
      const [name, target] = [operation.name, { least: operation.least }];
      measures.push({ name, value: rate, unit: '/s', target, note: `${note}; ${left}` });
      measures.push(await atHalf(installation, operation));
    }
    for (const [where, plan] of [
      ['PostgreSQL', { databaseUrl: await peerDatabase(installation) }],
      ['memory', {}],
    ] as const) {
      const peer = await startPeer(plan);
      try {
        for (const operation of operations) {
          const { rate, note } = await loaded(peer, await operation.peer.ask(peer)(LANES), used);
          const baseline = { name: `oidc-provider, ${where}`, value: rate };
          const name = `${operation.peer.name}: times oidc-provider in ${where}`;
          measures.push({ name, value: own.get(operation) ?? Number.NaN, unit: '/s', baseline, note: `its ${note}` });
        }
      } finally {
        peer.stop();
      }
    }
    return measures;
  },
};

/** As many operations as can be done. */
async function loaded(target: Target, plan: JourneyPlan, used: DatabaseCpu) {
  const before = used();
  const { rate, note, result } = await underLoad(target, { ...plan, ...LASTS, lanes: LANES });
  // PostgreSQL works during the warm-up, too.
  const share = LASTS.milliseconds / (LASTS.milliseconds + LASTS.warmUp);
  const each = ((used() - before) * share) / result.count;
  return { rate, note: `${note}, PostgreSQL ${each.toFixed(2)}` };
}

/** How long operations take when half of what is asked for comes in. */
async function atHalf(target: Target, { name, least, ask }: Operation): Promise<Measure> {
  const perSecond = least / 2;
  const plan = await ask(PACED_LANES);
  await settled(target.server);
  const { rate, note, result } = await underLoad(target, {
    ...plan,
    lanes: PACED_LANES,
    perSecond,
  });
  return {
    name: `${name}, p99 at half the rate`,
    value: percentile(result.latencies, 0.99),
    unit: 'ms',
    target: { most: 25 },
    note: `${Math.round(rate)} of ${perSecond} a second; ${note}`,
  };
}

/** A database for the other provider, on the server of the platform. */
async function peerDatabase({ sql, databaseUrl }: Installation): Promise<string> {
  await sql.query(`create database ${DATABASE}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}
