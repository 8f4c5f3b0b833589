import type { EntityManager } from '@postern/database';
import type { Fact } from '@postern/messaging';
import type { AccountFacts } from '../accounts/index.ts';
import { consentFact, consentRevoked } from '../consents/index.ts';
import { type DeviceClass, deviceFact } from '../devices/index.ts';
import { tokenFact } from '../tokens/index.ts';

/** What ended, by kind: for each one the facts that tell of it. */
export type Taken = Readonly<Record<string, readonly (readonly Fact[])[]>>;

type TokenRow = { pk: string; identifier: string; intent: string; expiring: boolean; expires: string | null };
type DeviceRow = { pk: number; name: string; class: DeviceClass };
type ConsentRow = { pk: number; application: string };

/** Deletes the tokens, devices and consents of a user, and the links that wait for them. */
export async function takeHoldings(em: EntityManager, { pk, username }: AccountFacts): Promise<Taken> {
  const take = <Row extends object>(table: string, columns: string) =>
    em.execute<Row[]>(`delete from ${table} where user_pk = ? returning ${columns}`, [pk]);
  const tokens = await take<TokenRow>('token', 'pk, identifier, intent, expiring, expires');
  const devices = await take<DeviceRow>('device', 'pk, name, class');
  const consents = await take<ConsentRow>('user_consent', 'pk, application');
  const links = await take<{ pk: string }>('flow_token', 'pk');
  const factsOf = (intent: (one: string) => boolean) =>
    tokens.filter((token) => intent(token.intent)).map((token) => [tokenFact('deleted', token)]);
  return {
    tokens: factsOf((intent) => intent !== 'app_password'),
    app_passwords: factsOf((intent) => intent === 'app_password'),
    devices: devices.map((device) => [deviceFact('deleted', device)]),
    consents: consents.map(({ pk: key, application }) => [
      consentFact('deleted', key, { application, username }),
      consentRevoked(pk, application),
    ]),
    links: links.map(() => []),
  };
}
