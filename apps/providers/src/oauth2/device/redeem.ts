import type { Database, EntityManager } from '@postern/database';
import { v7 } from 'uuid';
import { oauth2Errors } from '../oauth2.errors.ts';
import { deviceCodeReused } from '../oauth2.events.ts';
import type { GrantHandler } from '../token/index.ts';
import { type Grant, hashOf, type SessionIds } from '../tokens/index.ts';
import { countPoll, findByDeviceCode, useDevice } from './device.repository.ts';
import type { Approval, Device } from './device.ts';

export type DeviceGrantDeps = { readonly db: Database; readonly sessionIdOf: SessionIds };

/**
 * Creates the grant of devices: RFC 8628, sections 3.4 and 3.5. Until somebody has decided, every question is counted; an approval gives tokens once,
 * to the client that asked for it.
 */
export function createDeviceGrant({ db, sessionIdOf }: DeviceGrantDeps): GrantHandler {
  return {
    async redeem({ request, client, now }, call) {
      if (request.device_code === '') throw oauth2Errors.INVALID_REQUEST();
      const hash = hashOf(request.device_code);
      const device = await db.read(call.context, (em) => findByDeviceCode(em, hash));
      if (!device || device.provider !== client.pk) throw oauth2Errors.INVALID_GRANT();
      const { pk, approval, scopes } = device;
      const grant = approval && grantOf(device, approval, sessionIdOf);
      if (device.isUsed && grant) return { kind: 'reused', grant, reused: deviceCodeReused(client, grant) };
      // RFC 6749, section 5.2, and not the status of a page that nobody may see.
      call.response.status(400);
      if (device.expires <= now) throw oauth2Errors.EXPIRED_TOKEN();
      if (device.isDenied) throw oauth2Errors.ACCESS_DENIED();
      if (!grant) {
        const isEarly = await db.write(call.context, (em) => countPoll(em, pk, now));
        throw isEarly ? oauth2Errors.SLOW_DOWN() : oauth2Errors.AUTHORIZATION_PENDING();
      }
      call.response.status(200);
      const reused = deviceCodeReused(client, grant);
      const claim = (em: EntityManager, at: Date) => useDevice(em, pk, at);
      return { kind: 'granted', grant, isNewGrant: true, scopes, tokens: { refresh: true }, claim, reused };
    },
  };
}

/** What the approval gives. It hangs on no session of a browser, unless somebody gave it as somebody else. */
function grantOf(
  { provider, scopes }: Device,
  { user, session, authTime, amr }: Approval,
  sessionIdOf: SessionIds,
): Grant {
  const bound = session === undefined ? {} : { session, givenIn: session, sid: sessionIdOf(session, provider) };
  return { pk: v7(), provider, user, ...bound, scopes, authTime: new Date(authTime), amr, isRevoked: false };
}
