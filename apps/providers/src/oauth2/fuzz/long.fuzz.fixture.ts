/** The long form, for `npm run fuzz`: 100,000 cases, each kind with the seed of the run. */

import { inject, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { fuzzAuthorize } from './authorize.cases.fixture.ts';
import { fuzzTokens } from './jwt.cases.fixture.ts';
import { createDice } from './random.fixture.ts';
import { fuzzRedemptions } from './redemption.cases.fixture.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Seed of the cases. */
    fuzzSeed: number;
  }
}

it('survives 40,000 requests to be authorized', async () => {
  await fuzzAuthorize(await aProtocol(), createDice(inject('fuzzSeed')), 40_000);
});

it('issues nothing wrong in 30,000 requests to redeem something', async () => {
  await fuzzRedemptions(await aProtocol(), createDice(inject('fuzzSeed')), 30_000);
});

it('believes none of 30,000 tokens that are not what they say', async () => {
  await fuzzTokens(await aProtocol(), createDice(inject('fuzzSeed')), 24_000);
});
