import { expect, it } from 'vitest';
import type { StageVisit } from '../plans/index.ts';
import { provedOwner } from './device.owner.ts';

const ADA = { pk: 7, uuid: 'u-7', username: 'ada', name: 'Ada', email: '', isActive: true, type: 'internal' };
const ADMIN = { pk: 8, uuid: 'u-8', username: 'admin', name: '', email: '' };
const accounts = { findByPk: async (_tenant: string, pk: number) => (pk === ADA.pk ? ADA : undefined) };
const requester = { pk: ADA.pk, uuid: ADA.uuid, username: ADA.username, superuser: false };

function visit(
  requester: StageVisit<unknown>['request']['requester'],
): Pick<StageVisit<unknown>, 'context' | 'request'> {
  const client = { address: '', userAgent: '', scheme: 'https', host: '', requestId: '' };
  const request = { tenant: 't', slug: 's', method: 'GET' as const, url: '/', query: '', client };
  return { context: {}, request: requester === undefined ? request : { ...request, requester } };
}

it('is nobody for whoever acts as somebody else: a device would outlive that', async () => {
  expect(await provedOwner(accounts, visit({ ...requester, impersonator: ADMIN }))).toBeUndefined();
  expect(await provedOwner(accounts, visit(undefined))).toBeUndefined();
  expect(await provedOwner(accounts, visit(requester))).toEqual(ADA);
});
