/** People with devices, in a house whose clock tests move. */

import { randomUUID } from 'node:crypto';
import { createOutbox } from '@postern/messaging';
import { auth, events } from '@postern/proto';
import { fakeClock } from '@postern/testkit';
import { generateSecret, generateSync } from 'otplib';
import { createDeviceCodes, createDeviceStore, type Device, type NewDevice } from '../../devices/index.ts';
import { aHouse, aPerson, type HouseChanges, type Person } from '../../flows/flows.fixture.ts';
import { flowContext } from '../../flows/index.ts';
import type { FlowRequest, JsonObject } from '../../plans/index.ts';

const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };

/** A house for second factors. Call it at the top of a test file. */
export async function aGuardedHouse(changes: HouseChanges = {}) {
  const people: Person[] = [];
  const clock = fakeClock(new Date(Math.ceil(Date.now() / 30_000) * 30_000));
  const house = await aHouse(people, { clock: () => clock.now(), ...changes });
  const { db, tenant, sql } = house;
  const outbox = createOutbox({ schema: 'auth' });
  const codes = createDeviceCodes(['a secret']);
  const store = createDeviceStore({ database: db, outbox, codes, clock: () => clock.now(), contextOf: flowContext });
  const client = { address: '192.0.2.1', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'request-1' };
  const request: FlowRequest = { tenant, slug: 'f', method: 'POST', url: '/', query: '', client };

  async function keep(person: Person, device: Omit<NewDevice, 'user'>): Promise<Device> {
    const kept = await db.write({ tenant }, (em) => store.add(em, { ...device, user: person.pk }, request));
    if (kept === undefined) throw new Error('the natural key is taken');
    return kept;
  }

  return {
    ...house,
    clock,
    store,
    /** Somebody new. */
    async someone(name = `user-${randomUUID().slice(0, 8)}`): Promise<Person> {
      const person = { ...aPerson(name, { password: 'correct horse' }), pk: people.length + 1 };
      people.push(person);
      await sql(
        `insert into account (tenant_id, pk, uuid, username, type, is_active) values ($1, $2, $3, $4, 'internal', true)`,
        [tenant, person.pk, person.uuid, person.username],
      );
      return person;
    },
    keep,
    /** An authenticator app of somebody, and what it shows. */
    async anApp(person: Person) {
      const secret = generateSecret();
      const device = await keep(person, { class: 'totp', name: 'app', secret, data: { digits: 6 } });
      const code = (secondsAgo = 0) =>
        generateSync({ secret, epoch: Math.floor(clock.now().getTime() / 1000) - secondsAgo });
      return { device, code };
    },
    /** A flow of name, password, this stage, and an end that says who made it. */
    guarded: async (slug: string, settings: JsonObject = {}, binding: JsonObject = {}) => {
      const stage = { kind: 'authenticator_validate', settings, binding };
      await house.flow(slug, [IDENTIFICATION, PASSWORD, stage, { kind: 'dummy' }]);
      return slug;
    },
    /** A browser of somebody who has come as far as the stage, and what it shows. */
    async atStage(slug: string, person: Person, browser = house.browser()) {
      await browser.get(slug);
      await browser.post(slug, { uid_field: person.username });
      const { challenge } = await browser.post(slug, { password: 'correct horse' });
      return { browser, challenge, answer: (response: JsonObject) => browser.post(slug, response) };
    },
    /** What was told of answers that were wrong. */
    async failures(person: Person) {
      const rows = await sql<{ envelope: Uint8Array }>(
        "select envelope from outbox where subject = 'auth.v1.session.login_failed' order by seq",
      );
      const told = rows.map(({ envelope }) => auth.SessionLoginFailed.decode(events.Envelope.decode(envelope).payload));
      return told.filter(({ username }) => username === person.username);
    },
  };
}

/** Why an answer was refused. */
export function errorsOf(challenge: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const errors: Record<string, { items: { string: string }[] }> = JSON.parse(
    JSON.stringify(challenge.response_errors ?? {}),
  );
  return Object.fromEntries(
    Object.entries(errors).map(([field, { items }]) => [field, items.map(({ string }) => string)]),
  );
}
