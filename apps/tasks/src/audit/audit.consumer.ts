import { type EntityManager, seedId } from '@postern/database';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import type { events } from '@postern/proto';
import { Event, type Json } from '../events/index.ts';
import { cleanse, undashed } from './cleanse.ts';
import type { FactReader } from './fact.reader.ts';
import { httpRequestOf } from './http-request.ts';
import { MODEL_FACTS } from './model.facts.ts';
import { OAUTH2_FACTS } from './oauth2.facts.ts';
import { PROVIDER_FACTS } from './provider.facts.ts';
import { NOBODY, SIGN_IN_FACTS, userOf } from './sign-in.facts.ts';

const RETENTION_MS = 365 * 24 * 3600 * 1000;

/** Every kind of fact that the audit log understands, by payload type. Others are no news to it. */
const READERS: Readonly<Record<string, FactReader>> = {
  ...MODEL_FACTS,
  ...SIGN_IN_FACTS,
  ...PROVIDER_FACTS,
  ...OAUTH2_FACTS,
};

/** Turns the facts of all services into events of the audit log: once each, however often a fact arrives. */
export function createAudit(): ConsumerOptions<EntityManager> {
  return {
    durable: 'tasks_audit',
    concurrency: 4,
    handlers: [onSubject('>', async (envelope, em: EntityManager) => store(envelope, em))],
  };
}

async function store(envelope: events.Envelope, em: EntityManager): Promise<void> {
  const entry = Object.hasOwn(READERS, envelope.type) ? READERS[envelope.type]?.(envelope) : undefined;
  if (!entry || envelope.tenant === '') return;
  const { client, tenant } = envelope;
  const created = envelope.occurred_at ? new Date(envelope.occurred_at) : new Date();
  em.create(Event, {
    pk: envelope.id,
    created,
    expires: new Date(created.getTime() + RETENTION_MS),
    action: entry.action,
    app: entry.app,
    user: entry.user ?? actorOf(envelope),
    context: { ...cleanse(entry.context), ...(client ? { http_request: httpRequestOf(client) } : {}) },
    clientIp: client?.address || null,
    brand: defaultBrand(tenant),
  });
}

function actorOf({ actor }: events.Envelope): Json {
  if (actor?.user) return userOf(actor.user);
  return actor?.kind === 'anonymous' ? NOBODY : {};
}

function defaultBrand(tenant: string): Json {
  const pk = undashed(seedId(tenant, 'authentik_brands.brand', 'authentik-default'));
  return { app: 'authentik_brands', model_name: 'brand', pk, name: 'Default brand' };
}
