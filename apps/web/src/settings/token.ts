import { flagOf, optionalText, textOf, wireOf } from '../executor/wire.codec.ts';

export type TokenIntent = 'api' | 'app_password';

/** A key of somebody for programs. */
export type Token = {
  readonly identifier: string;
  readonly description: string;
  readonly intent: TokenIntent;
  /** Undefined when it does not end. */
  readonly expires?: string;
};

/** Reads an entry of `/core/tokens/`; undefined for what the platform keeps under the same roof, such as recovery links. */
export function decodeToken(value: unknown): Token | undefined {
  const wire = wireOf(value);
  const intent = textOf(wire, 'intent');
  if (intent !== 'api' && intent !== 'app_password') return undefined;
  return {
    identifier: textOf(wire, 'identifier'),
    description: textOf(wire, 'description'),
    intent,
    expires: flagOf(wire, 'expiring') ? optionalText(wire, 'expires') : undefined,
  };
}

/** Where a token is deleted; `view_key/` below shows its key. */
export function tokenAddress(identifier: string): string {
  return `/api/v3/core/tokens/${encodeURIComponent(identifier)}/`;
}

/** How long a new token can be valid, in days. */
export const LIFETIMES = [1, 7, 30, 90, 365] as const;

/** What is sent to make a token: it ends that many days from now. */
export function tokenRequest(form: FormData, now: Date): object {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const days = Number(text('expires')) || 1;
  return {
    identifier: text('identifier'),
    description: text('description'),
    intent: text('intent') === 'api' ? 'api' : 'app_password',
    expires: new Date(now.getTime() + days * 86_400_000).toISOString(),
    expiring: true,
  };
}
