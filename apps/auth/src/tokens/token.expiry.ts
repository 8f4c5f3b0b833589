import type { EntityManager, SweepBatch } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { tokenFact, tokenRotated } from './token.facts.ts';
import { endOfLife } from './token.issuer.ts';
import type { TokenKeys } from './token.keys.ts';
import { tokensIn } from './token.repository.ts';

/** What expiring tokens needs. */
export type TokenExpiryDeps = {
  readonly keys: TokenKeys;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly clock: { now(): Date };
};

/** Does to tokens what their end asks for, a few at a time, and answers of how many. */
export type ExpireTokens = (em: EntityManager, batch: SweepBatch) => Promise<number>;

/**
 * Creates it. A token for the API gets another secret and another half an hour: whoever may look at it goes on, whoever has found the
 * old secret does not. Every other token is deleted, access keys too: what a program holds does not change by itself.
 */
export function createTokenExpiry({ keys, outbox, clock }: TokenExpiryDeps): ExpireTokens {
  return async (em, { tenant, before, limit }) => {
    const expired = await tokensIn(em).lockExpired(before, limit);
    const accessKeys = await tokensIn(em).accessKeysAmong(expired);
    const facts = expired.map((token) => {
      if (token.intent !== 'api' || accessKeys.has(token.pk)) {
        em.remove(token);
        return tokenFact('deleted', token);
      }
      const key = keys.generate();
      Object.assign(token, { key, keyHash: keys.hash(key), expires: endOfLife(clock.now()) });
      return tokenRotated(token);
    });
    await tokensIn(em).store();
    await outbox.record(em, { tenant }, facts);
    return expired.length;
  };
}
