import { randomUUID } from 'node:crypto';

/** A tenant nobody else uses, for a transaction's scope: `db.write(aTenant(), ...)`. */
export function aTenant(): { tenant: string } {
  return { tenant: randomUUID() };
}
