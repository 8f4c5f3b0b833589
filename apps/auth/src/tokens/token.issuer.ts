import type { EntityManager } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import { Account } from '../accounts/index.ts';
import { Token, type TokenRow } from './token.entity.ts';
import { tokenErrors } from './token.errors.ts';
import { tokenFact } from './token.facts.ts';
import type { TokenKeys } from './token.keys.ts';
import { tokensIn } from './token.repository.ts';
import { DEFAULT_LIFE_MS } from './token.rules.ts';

/** A token to be made. */
export type NewToken = {
  /** Whose it is; the account is kept already. */
  readonly user: number;
  readonly identifier: string;
  readonly intent: string;
  readonly expiring: boolean;
  /** Half an hour from now where none is given. */
  readonly expires?: Date | undefined;
  readonly description?: string | undefined;
  readonly managed?: string | undefined;
  /** A random one where none is given. */
  readonly key?: string | undefined;
};

/** What issuing tokens needs. */
export type TokenIssuerDeps = {
  readonly keys: TokenKeys;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly clock: { now(): Date };
};

/** Makes every token there is, with its fact, in the transaction of its cause. */
export type TokenIssuer = (
  em: EntityManager,
  token: NewToken,
  context: EventContext,
) => Promise<{ row: TokenRow; key: string }>;

/** Bytes of a key that somebody chose. */
const LONGEST_KEY = 4096;

/** Creates the issuer. Throws TOKEN_IDENTIFIER_TAKEN, TOKEN_MANAGED_TAKEN, TOKEN_KEY_UNUSABLE. */
export function createTokenIssuer({ keys, outbox, clock }: TokenIssuerDeps): TokenIssuer {
  return async (em, token, context) => {
    const key = usableKey(token.key ?? keys.generate());
    const row = em.create(Token, {
      identifier: token.identifier,
      intent: token.intent,
      user: em.getReference(Account, token.user),
      description: token.description ?? '',
      expiring: token.expiring,
      expires: token.expires ?? endOfLife(clock.now()),
      managed: token.managed ?? null,
      key,
      keyHash: keys.hash(key),
    });
    await tokensIn(em).store();
    await outbox.record(em, context, tokenFact('created', row));
    return { row, key };
  };
}

/** When a token ends that names no end. */
export function endOfLife(now: Date): Date {
  return new Date(now.getTime() + DEFAULT_LIFE_MS);
}

/** A key that somebody chose. Throws TOKEN_KEY_UNUSABLE. */
export function usableKey(key: string): string {
  if (key === '' || Buffer.byteLength(key) > LONGEST_KEY) throw tokenErrors.TOKEN_KEY_UNUSABLE();
  return key;
}
