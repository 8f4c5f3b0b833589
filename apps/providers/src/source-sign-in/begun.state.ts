import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@postern/database';
import type { Clock } from '../oauth2/index.ts';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** What is kept between sending somebody away and their coming back. */
export type Begun = {
  /** Key of the source. */
  readonly source: string;
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636, section 4.1. */
  readonly verifier: string;
  readonly redirectUri: string;
  /** Epoch milliseconds. */
  readonly began: number;
};

/** Makes sign-ins and finds them again. */
export type BegunStates = {
  begin(source: string, redirectUri: string): { readonly begun: Begun; readonly sealed: string };
  /** Throws SOURCE_STATE_INVALID for what is not ours, of another source, with another state, or too old. */
  open(sealed: string, expected: { readonly source: string; readonly state: string }): Begun;
};

/** Nobody stays longer at an identity provider. */
const LIFE_MS = 15 * 60 * 1000;
const LABEL = 'source_sign_in.begun';

/** Creates the maker. */
export function createBegunStates({ secrets, clock }: Pick<Database, 'secrets'> & { clock: Clock }): BegunStates {
  return {
    begin(source, redirectUri) {
      const began = clock.now().getTime();
      const begun = { source, state: unguessable(), nonce: unguessable(), verifier: unguessable(), redirectUri, began };
      return { begun, sealed: secrets.seal(JSON.stringify(begun), LABEL) };
    },
    open(sealed, { source, state }) {
      const begun = opened(() => secrets.open(sealed, LABEL));
      const isOver = begun.began + LIFE_MS <= clock.now().getTime();
      if (begun.source !== source || !isEqual(begun.state, state) || isOver)
        throw sourceSignInErrors.SOURCE_STATE_INVALID();
      return begun;
    },
  };
}

function opened(open: () => string): Begun {
  try {
    return JSON.parse(open());
  } catch (cause) {
    throw sourceSignInErrors.SOURCE_STATE_INVALID({}, { cause });
  }
}

function unguessable(): string {
  return randomBytes(32).toString('base64url');
}

/** The challenge of a verifier, `S256`: RFC 7636, section 4.2. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
