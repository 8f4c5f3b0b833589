/** Handles events the moment they arrive, several in one transaction: for handlers that do nothing but change rows. */

import type { events } from '@postern/proto';
import type { AttemptDeps } from './attempt.ts';
import { traced } from './attempt.ts';
import type { SqlExecutor } from './database.ts';
import { matchesSubject } from './subject.ts';

/** Handling without a wait in the inbox. */
export type PromptHandling = {
  /** Handles events now. False when they have to take the long way, through the inbox: nothing has happened then. */
  handle(envelopes: readonly events.Envelope[]): Promise<boolean>;
  /** Resolves when nothing is being handled here. */
  done(): Promise<unknown>;
};

/**
 * Creates it. What the inbox would have kept until the handlers are done is handled and noted as handled in one transaction; where that fails, all of it is
 * as if it never was, and the inbox takes over with its attempts and pauses. Events that wait already are not overtaken.
 */
export function createPromptHandling<Em extends SqlExecutor>({
  durable,
  handlers,
  database,
  logger,
  metrics,
  inbox,
}: Omit<AttemptDeps<Em>, 'backoff'>): PromptHandling {
  async function handle(envelope: events.Envelope, em: Em): Promise<void> {
    const startedAt = performance.now();
    await traced(durable, envelope, async () => {
      for (const handler of handlers) {
        if (matchesSubject(handler.filter, envelope.subject)) await handler.handle(envelope, em);
      }
    });
    metrics.handled(durable, (performance.now() - startedAt) / 1000);
  }

  async function attempt(envelopes: readonly events.Envelope[]): Promise<boolean> {
    const tenant = envelopes[0]?.tenant ?? '';
    // A transaction sees the rows of one tenant.
    if (envelopes.some((envelope) => envelope.tenant !== tenant)) return false;
    try {
      return await database.transaction(tenant || undefined, async (em) => {
        const fresh = await inbox.take(em, envelopes);
        for (const envelope of envelopes) if (fresh.has(envelope.id)) await handle(envelope, em);
        return fresh.size > 0;
      });
    } catch (error) {
      logger.debug({ err: error, consumer: durable }, 'events are left to the inbox');
      return false;
    }
  }

  let running: Promise<boolean> | undefined;
  return {
    async handle(envelopes) {
      // What arrives meanwhile goes through the inbox, and waits there for this.
      if (running !== undefined) return false;
      running = attempt(envelopes);
      try {
        return await running;
      } finally {
        running = undefined;
      }
    },
    done: async () => running,
  };
}
