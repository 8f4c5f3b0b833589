import type { Database } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { EventContext } from '@postern/messaging';
import type { JsonObject } from '../format/index.ts';
import { orderFinish } from './finish.order.ts';

/** An application that is about to commit in more than one service. */
export type Commitment = {
  /** Id of the change set. */
  readonly id: string;
  readonly tenant: string;
  /** Text of the blueprint. */
  readonly document: string;
  readonly context: JsonObject;
  /** Services in the order in which they commit. */
  readonly apps: readonly string[];
};

/** Applications that committed in one service and perhaps not in the next. What is left here after a crash is applied again. */
export type Journal = {
  /** Notes an application, and that somebody shall look whether it was finished. Committed at once. */
  note(commitment: Commitment): Promise<void>;
  find(tenant: string, id: string): Promise<Commitment | undefined>;
  strike(tenant: string, id: string): Promise<void>;
};

const COLUMN = 'blueprint_commitment.document';
/** A commit over all services takes less than a second; whoever is slower than this has died. */
const LOOK_AFTER_MS = 30_000;

/** Creates the journal. Documents may hold secrets, and are sealed. */
export function createJournal({
  db,
  jobs,
  clock,
}: {
  db: Pick<Database, 'read' | 'write' | 'secrets'>;
  jobs: Pick<Jobs, 'enqueue'>;
  clock: { now(): Date };
}): Journal {
  return {
    note: ({ id, tenant, document, context, apps }) =>
      db.write({ tenant }, async (em) => {
        const sealed = db.secrets.seal(JSON.stringify({ document, context }), COLUMN);
        // Noted again when it is done again.
        await em.execute(
          `insert into blueprint_commitment (id, document, apps) values (?, ?, ?)
           on conflict (tenant_id, id) do update set apps = excluded.apps`,
          [id, sealed, apps.join(' ')],
        );
        const startAfter = new Date(clock.now().getTime() + LOOK_AFTER_MS);
        const from: EventContext = { tenant };
        await jobs.enqueue(em, from, orderFinish(id, startAfter));
      }),
    find: (tenant, id) =>
      db.read({ tenant }, async (em) => {
        type Row = { document: string; apps: string };
        const [row] = await em.execute<Row[]>('select document, apps from blueprint_commitment where id = ?', [id]);
        if (!row) return undefined;
        const { document, context } = JSON.parse(db.secrets.open(row.document, COLUMN));
        return { id, tenant, document, context, apps: row.apps.split(' ') };
      }),
    strike: (tenant, id) =>
      db.write({ tenant }, async (em) => {
        await em.execute('delete from blueprint_commitment where id = ?', [id]);
      }),
  };
}
