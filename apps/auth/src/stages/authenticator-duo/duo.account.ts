import type { DuoAccount } from './duo.client.ts';
import type { AuthenticatorDuoSettings } from './settings.ts';

/** The application that asks people. */
export function authAccountOf({ api_hostname, client_id, client_secret }: AuthenticatorDuoSettings): DuoAccount {
  return { host: api_hostname, integrationKey: client_id, secretKey: client_secret };
}

/** The application that knows everybody; undefined where there is none. */
export function adminAccountOf(settings: AuthenticatorDuoSettings): DuoAccount | undefined {
  const { api_hostname: host, admin_integration_key: integrationKey, admin_secret_key: secretKey } = settings;
  return integrationKey === '' || secretKey === '' ? undefined : { host, integrationKey, secretKey };
}

/** What keeps somebody at Duo from being here twice: they count once at a stage. */
export function duoKeyOf(stage: string | null, userId: string): string {
  return `${stage ?? ''}:${userId}`;
}

/** Name under which the audit log finds what Duo stages tell. */
export const DUO_APP = 'authentik.stages.authenticator_duo';
