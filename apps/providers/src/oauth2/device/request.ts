import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { v7 } from 'uuid';
import { DEVICE_CODE_GRANT } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { grantedScopes } from '../authorize/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock, Random } from '../ports.ts';
import type { ClientAuthenticator } from '../token/index.ts';
import { hashOf } from '../tokens/index.ts';
import { insertDevice } from './device.repository.ts';
import type { DeviceAttempts } from './ports.ts';
import type { UserCodes } from './user-code.ts';

export type DeviceRequestDeps = {
  readonly db: Database;
  readonly authenticate: ClientAuthenticator;
  readonly attempts: DeviceAttempts;
  readonly userCodes: UserCodes;
  readonly random: Random;
  readonly clock: Clock;
};

/** Starts a device authorization. Throws RESOURCE_EXHAUSTED, INVALID_CLIENT, UNAUTHORIZED_CLIENT and INVALID_SCOPE. */
export type AuthorizeDevice = (
  request: providers.AuthorizeDeviceRequest,
  call: Call,
) => Promise<providers.AuthorizeDeviceResponse>;

/** Seconds between two questions: RFC 8628, section 3.2. */
const INTERVAL = 5;
/** Bytes of a device code: 128 characters. */
const BYTES = 96;
/** Codes that are tried before the platform counts as full. */
const TRIES = 8;

/** Creates the endpoint at which devices ask for codes: RFC 8628, section 3.1. Who asks is counted before anything is looked at. */
export function createAuthorizeDevice(deps: DeviceRequestDeps): AuthorizeDevice {
  const { authenticate, attempts } = deps;
  return async (request, call) => {
    call.response.header('cache-control', 'no-store');
    if (!(await attempts.reserve('device_request', undefined, call))) throw common.RESOURCE_EXHAUSTED();
    const client = await authenticate(request, { allowsPublic: true, plainStatus: 400 }, call);
    if (!client.application || !client.settings.grantTypes.includes(DEVICE_CODE_GRANT))
      throw oauth2Errors.UNAUTHORIZED_CLIENT();
    const scopes = scopesOf(request.scope, client);
    const codes = await store(client, scopes, call, deps);
    const page = `${call.context.client.scheme || 'https'}://${call.context.client.host}/device`;
    return {
      device_code: codes.device,
      verification_uri: page,
      verification_uri_complete: `${page}?code=${codes.user}`,
      user_code: codes.user,
      expires_in: Math.floor(client.accessCodeValidity),
      interval: INTERVAL,
    };
  };
}

/** What is configured of what is asked; throws INVALID_SCOPE where nothing is left of it. */
function scopesOf(text: string, client: OAuth2Client): string[] {
  const asked = [...new Set(text.split(' ').filter(Boolean))];
  const scopes = grantedScopes(client, asked);
  if (scopes.length === 0 && asked.length > 0) throw oauth2Errors.INVALID_SCOPE();
  return scopes;
}

async function store(
  { pk: provider, accessCodeValidity }: OAuth2Client,
  scopes: readonly string[],
  { context }: Call,
  { db, userCodes, random, clock }: DeviceRequestDeps,
): Promise<{ device: string; user: string }> {
  const device = random.text(BYTES);
  const expires = new Date(clock.now().getTime() + accessCodeValidity * 1000);
  for (let left = TRIES; left > 0; left -= 1) {
    const user = userCodes.make();
    const row = { pk: v7(), provider, hash: hashOf(device), userCode: userCodes.hash(user) ?? '', scopes, expires };
    if (await db.write(context, (em) => insertDevice(em, { ...row, pause: INTERVAL }))) return { device, user };
  }
  throw common.RESOURCE_EXHAUSTED();
}
