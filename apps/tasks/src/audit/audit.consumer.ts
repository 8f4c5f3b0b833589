import type { EntityManager } from '@postern/database';
import type { Geo } from '@postern/geo';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import type { events } from '@postern/proto';
import { Event, type EventEntity, type Json } from '../events/index.ts';
import { bounded } from './bounds.ts';
import { brandOf, FALLBACK } from './brand.consumer.ts';
import { cleanse, storable } from './cleanse.ts';
import type { Entry, FactReader } from './fact.reader.ts';
import { httpRequestOf } from './http-request.ts';
import { JOB_FACTS } from './job.facts.ts';
import { MODEL_FACTS } from './model.facts.ts';
import { OAUTH2_FACTS } from './oauth2.facts.ts';
import { PROVIDER_FACTS } from './provider.facts.ts';
import { RECORDED_FACTS } from './recorded.facts.ts';
import { NOBODY, SIGN_IN_FACTS, userOf } from './sign-in.facts.ts';

/** Every kind of fact that the audit log understands, by payload type. Others are no news to it. */
const READERS: Readonly<Record<string, FactReader>> = {
  ...MODEL_FACTS,
  ...SIGN_IN_FACTS,
  ...PROVIDER_FACTS,
  ...OAUTH2_FACTS,
  ...RECORDED_FACTS,
  ...JOB_FACTS,
};

/** Everything but the jobs that are asked for: those are no news, and many. */
const HEARD = ['auth.>', 'directory.>', 'providers.>', 'tasks.>', 'jobs.v1.job.failed'];

/** What the audit log needs. */
export type AuditDeps = {
  readonly geo: Pick<Geo, 'locate'>;
  /** Told of each event in the transaction that stores it. */
  readonly onStored?: ((event: EventEntity, em: EntityManager) => Promise<void>) | undefined;
};

/** Turns the facts of all services into events of the audit log: once each, however often a fact arrives. */
export function createAudit(deps: AuditDeps): ConsumerOptions<EntityManager> {
  return {
    durable: 'tasks_audit',
    isPrompt: true,
    concurrency: 4,
    handlers: HEARD.map((filter) =>
      onSubject(filter, (envelope, em: EntityManager) => store(envelope, em, deps), isNews),
    ),
  };
}

/** What the log does not understand never costs it a transaction: tokens are issued by the thousand. */
function isNews({ type, tenant }: events.Envelope): boolean {
  return tenant !== '' && Object.hasOwn(READERS, type);
}

async function store(envelope: events.Envelope, em: EntityManager, { geo, onStored }: AuditDeps): Promise<void> {
  const entry = Object.hasOwn(READERS, envelope.type) ? READERS[envelope.type]?.(envelope) : undefined;
  if (!entry || envelope.tenant === '') return;
  const { client } = envelope;
  const created = envelope.occurred_at ? new Date(envelope.occurred_at) : new Date();
  const { brand, retentionMs } = client ? await brandOf(em, client.host) : FALLBACK;
  const event = em.create(Event, {
    pk: envelope.id,
    created,
    expires: new Date(created.getTime() + retentionMs),
    action: entry.action,
    app: storable(entry.app),
    user: cleanse(userFor(entry, envelope)),
    context: await contextOf(entry, client, geo),
    clientIp: client?.address || null,
    brand,
  });
  await onStored?.(event, em);
}

/** What happened, the request that caused it, and where that came from. What is large is cut, and never the request. */
async function contextOf(entry: Entry, client: events.Client | undefined, geo: AuditDeps['geo']): Promise<Json> {
  const context = bounded(cleanse(entry.context));
  if (!client) return context;
  const place = await geo.locate(client.address);
  return { ...context, http_request: bounded(httpRequestOf(client)), ...(place ? { geo: { ...place } } : {}) };
}

/** Whose event it is. Whoever acts as somebody else is named with them, also where the fact names one of the two. */
function userFor({ user }: Entry, envelope: events.Envelope): Json {
  const { user: actor, on_behalf_of: other } = envelope.actor ?? {};
  const isOne = user === undefined || user.pk === actor?.pk || user.pk === other?.pk;
  return user !== undefined && !(other && isOne) ? user : actorOf(envelope);
}

function actorOf({ actor }: events.Envelope): Json {
  const other = actor?.on_behalf_of;
  if (actor?.user) return { ...userOf(actor.user), ...(other && { on_behalf_of: userOf(other) }) };
  return actor?.kind === 'anonymous' ? NOBODY : {};
}
