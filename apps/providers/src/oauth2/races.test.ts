/** Things that count once, used 200 times at the same moment. Codes, refresh tokens and device codes race beside the grants that redeem them. */

import { expect, it } from 'vitest';
import { aBank } from './conformance/bank.fixture.ts';
import { ADA, aProtocol } from './protocol.fixture.ts';

const TIMES = 200;
const protocol = await aProtocol();
const bank = await aBank(protocol, 'bank');
const { exchange, signIn, world } = protocol;
await protocol.client('web');
for (const name of ['bank', 'web']) world.accounts.set(`ak-${name}-client_credentials`, ADA);

/** Does the same so many times at once; how often it succeeded, and why it did not otherwise. */
async function race<T>(work: () => Promise<T>) {
  const ends = await Promise.allSettled(Array.from({ length: TIMES }, work));
  const won = ends.filter(({ status }) => status === 'fulfilled').length;
  const reasons = new Set(ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.reason] : [])));
  return { won, reasons: [...reasons] };
}

/** Access tokens there are. */
async function issued(): Promise<number> {
  const [row] = await protocol.sql<{ n: number }>('select count(*)::int as n from oauth2_access_token');
  return row?.n ?? 0;
}

it('opens one pushed request for one of 200 browsers, and starts one flow', async () => {
  const { request_uri } = await bank.push();
  const session = signIn();
  world.started.length = 0;
  expect(await race(() => bank.open(request_uri, session))).toEqual({ won: 1, reasons: ['REQUEST_INVALID'] });
  expect(world.started).toHaveLength(1);
});

it('believes one assertion of a client for one of 200 requests, and issues one token', async () => {
  const proves = await bank.proving();
  const before = await issued();
  // Each with a proof of its own, so that the assertion alone is what they share.
  const dpops = await Promise.all(Array.from({ length: TIMES }, () => bank.proof()));
  let at = 0;
  const asks = () => {
    at += 1;
    return exchange({ grant_type: 'client_credentials', ...proves }, { headers: { dpop: dpops[at - 1] ?? '' } });
  };
  expect(await race(asks)).toEqual({ won: 1, reasons: ['INVALID_CLIENT'] });
  expect(await issued()).toBe(before + 1);
});

it('believes one proof of possession for one of 200 requests, and issues one token', async () => {
  const dpop = await bank.proof();
  const before = await issued();
  const own = { grant_type: 'client_credentials', client_id: 'web', client_secret: 'web secret' };
  const asks = () => exchange(own, { headers: { dpop } });
  expect(await race(asks)).toEqual({ won: 1, reasons: ['INVALID_DPOP_PROOF'] });
  expect(await issued()).toBe(before + 1);
});
