import { type EntityManager, prepared } from '@postern/database';
import { seconds } from '@postern/durations';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import { events } from '@postern/proto';
import type { Json } from '../events/index.ts';
import { modelOf } from './model.facts.ts';

/** The brand that an event belongs to, and how long the event is kept. */
export type EventBrand = { readonly brand: Json; readonly retentionMs: number };

const MODEL = 'authentik_brands.brand';
const YEAR_MS = 365 * 24 * 3600 * 1000;
const NO_KEY = '00000000-0000-0000-0000-000000000000';

/** The brand of events that no request caused, and of hosts that no brand serves. */
export const FALLBACK: EventBrand = { brand: modelOf(MODEL, NO_KEY, 'Brand fallback'), retentionMs: YEAR_MS };

// As the directory finds the brand of a host: the one with this domain, else the one with the longest that the host lies below, else the default one.
const OF_HOST = prepared(`select brand.pk, brand.name, retention_seconds from brand
  cross join (select lower(?) as whole, regexp_replace(lower(?), ':[0-9]+$', '') as bare) as asked
  cross join lateral (select ltrim(lower(domain), '.') as own) as served
  cross join lateral (select own in (whole, bare) as is_exact, '.' || own in (right(whole, length(own) + 1), right(bare, length(own) + 1)) as is_below) as fit
  where is_exact or is_below or is_default
  order by is_exact desc, is_below desc, length(own) desc, brand.pk limit 1`);

type BrandRow = { readonly pk: string; readonly name: string; readonly retention_seconds: number };

/** The brand that served a host when an event of it is stored. */
export async function brandOf(em: EntityManager, host: string): Promise<EventBrand> {
  const [row] = await em.execute<BrandRow[]>(OF_HOST, [host, host]);
  return row ? { brand: modelOf(MODEL, row.pk, row.name), retentionMs: row.retention_seconds * 1000 } : FALLBACK;
}

/** Keeps up with the brands of the directory, in the order in which they change. */
export function rememberBrands(): ConsumerOptions<EntityManager> {
  return {
    durable: 'tasks_brands',
    handlers: [onSubject('directory.v1.brand.*', (envelope, em: EntityManager) => remember(envelope, em))],
  };
}

async function remember({ subject, payload }: events.Envelope, em: EntityManager): Promise<void> {
  const { pk, name, facts } = events.ModelChanged.decode(payload);
  if (subject.endsWith('.deleted')) await em.execute('delete from brand where pk = ?', [pk]);
  else if (facts) {
    await em.execute(
      `insert into brand (pk, name, domain, is_default, retention_seconds) values (?, ?, ?, ?, ?)
       on conflict (tenant_id, pk) do update set name = excluded.name, domain = excluded.domain, is_default = excluded.is_default,
         retention_seconds = excluded.retention_seconds`,
      [pk, name, String(facts.domain), facts.default === true, seconds(String(facts.event_retention))],
    );
  }
}
