import { asService } from '@postern/rpc';
import { aTenant } from '@postern/testkit';
import { expect, it } from 'vitest';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, clock, holdings, tenant, world, origin } = protocol;
await protocol.client('web');
const EVE = ADA + 1;
world.people.set(EVE, aUser(EVE, 'eve'));
const begun = clock.now().toISOString();
const scope = 'openid offline_access';

it('revokes what a user gave to applications and counts it, also what was revoked while they left, but not before', async () => {
  const first = await redeem('web', (await aCode('web', { scope })).code);
  await expect(holdings.endHoldings({ user: ADA, since: begun }, origin({}))).rejects.toMatchObject({
    reason: 'UNAUTHENTICATED',
  });
  const elsewhere = await holdings.endHoldings({ user: ADA, since: begun }, asService(aTenant().tenant));
  expect(elsewhere).toEqual({ ended: [] });

  const ended = { ended: [{ kind: 'oauth_grants', count: 1 }] };
  expect(await holdings.endHoldings({ user: EVE, since: begun }, asService(tenant))).toEqual({ ended: [] });
  expect(await holdings.endHoldings({ user: ADA, since: begun }, asService(tenant))).toEqual(ended);
  await expect(refresh('web', first.refresh_token ?? '')).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
  expect(await holdings.endHoldings({ user: ADA, since: begun }, asService(tenant))).toEqual(ended);
  const later = new Date(clock.now().getTime() + 1000).toISOString();
  expect(await holdings.endHoldings({ user: ADA, since: later }, asService(tenant))).toEqual({ ended: [] });
});
