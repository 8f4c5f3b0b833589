import { expect, it } from 'vitest';
import { createRunner, describe, type Sequence, sequenceOf, shrink } from './delegation-sequence.fixture.ts';
import { servedRights } from './served-rights.fixture.ts';

/** `SEQUENCES=10000 SEED=7 npx vitest run apps/standalone/src/rights/delegation.test.ts` runs more, from another seed. */
const COUNT = Number(process.env.SEQUENCES ?? 500);
const FIRST = Number(process.env.SEED ?? 1);
const AT_ONCE = 4;

const runner = await createRunner(await servedRights());

async function isExcessive(sequence: Sequence): Promise<boolean> {
  return (await runner.run(sequence)) !== undefined;
}

it('tries ways that are open to who may go them', async () => {
  // Hosts and tenants are for operators, who come with a key of their own.
  expect(await runner.closed()).toEqual(['foundTenant: NOT_FOUND', 'takeHost: NOT_FOUND']);
}, 60_000);

it(
  `gives nobody more than the delegates had together, in ${COUNT} sequences of what they may try`,
  async () => {
    const found: string[] = [];
    const seeds = Array.from({ length: COUNT }, (_, index) => FIRST + index);
    const lane = async () => {
      for (let seed = seeds.shift(); seed !== undefined && found.length === 0; seed = seeds.shift()) {
        const sequence = sequenceOf(seed, runner.names);
        const problem = await runner.run(sequence);
        if (problem === undefined) continue;
        const smallest = await shrink(sequence, isExcessive);
        found.push(`${(await runner.run(smallest)) ?? problem}\n${describe(smallest, seed)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    expect(found).toEqual([]);
  },
  COUNT * 3_000,
);
