import { flagOf, numberOf, textOf, wireOf } from '../../executor/wire.codec.ts';

/** A second factor of somebody. Times are seconds since 1970; 0 for never. */
export type Authenticator = {
  readonly type: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** Of a key. */
  readonly id: number;
  readonly name: string;
  readonly isPasskey: boolean;
  /** Of recovery codes: those that are left, and all. */
  readonly unused: number;
  readonly total: number;
};

/** Reads an entry of `/account/authenticators`. */
export function decodeAuthenticator(value: unknown): Authenticator {
  const wire = wireOf(value);
  return {
    type: textOf(wire, 'type'),
    createdAt: numberOf(wire, 'created_at'),
    usedAt: numberOf(wire, 'last_used_at'),
    id: numberOf(wire, 'id'),
    name: textOf(wire, 'name'),
    isPasskey: flagOf(wire, 'is_passwordless'),
    unused: numberOf(wire, 'unused_code_count'),
    total: numberOf(wire, 'total_code_count'),
  };
}

/** A time of the API as pages show times. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
