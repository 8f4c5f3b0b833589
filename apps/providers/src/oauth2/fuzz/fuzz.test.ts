/** The short form: what every run of the tests tries. `npm run fuzz` is the long one. */

import { it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { fuzzAuthorize } from './authorize.cases.fixture.ts';
import { fuzzTokens } from './jwt.cases.fixture.ts';
import { createDice } from './random.fixture.ts';
import { fuzzRedemptions } from './redemption.cases.fixture.ts';

const SEED = 20_261_122;

it('answers whatever is sent to be authorized with a page, a way of ours or a registered address, and never breaks', async () => {
  await fuzzAuthorize(await aProtocol(), createDice(SEED), 1_500);
}, 120_000);

it('issues nothing that a model of codes and tokens would not, whatever is sent to be redeemed', async () => {
  await fuzzRedemptions(await aProtocol(), createDice(SEED), 1_200);
}, 120_000);

it('believes no token that its key did not sign, or that says something else than it should', async () => {
  await fuzzTokens(await aProtocol(), createDice(SEED), 1_200);
}, 120_000);
