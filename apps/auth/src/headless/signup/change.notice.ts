import type { EntityManager } from '@postern/database';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';

/** Tells whoever reads the address that was the primary one that another one is, where the tenant wants that. */
export async function tellOfChange(
  tx: EntityManager,
  { notices }: Pick<HeadlessEngine, 'notices'>,
  { settings, tenant, client, now: at }: Visit,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  const isTold = settings.email_notifications && before !== undefined && after !== undefined && after !== before;
  if (!isTold) return;
  const subject = { name: 'New address', value: after };
  await notices.tell(tx, { tenant, kind: 'email_changed', to: before, client, at, subject });
}
