import { numberOf, optionalText, textOf, wireOf } from '../executor/wire.codec.ts';

/** What somebody has allowed an application. */
export type Consent = {
  readonly pk: number;
  readonly application: string;
  readonly icon?: string;
  readonly permissions: readonly string[];
  /** Undefined for good. */
  readonly expires?: string;
};

/** Reads an entry of `/core/user_consent/`. */
export function decodeConsent(value: unknown): Consent {
  const wire = wireOf(value);
  const application = wireOf(wire.application);
  return {
    pk: numberOf(wire, 'pk'),
    application: textOf(application, 'name'),
    icon: optionalText(application, 'meta_icon'),
    permissions: textOf(wire, 'permissions').split(' ').filter(Boolean),
    expires: optionalText(wire, 'expires'),
  };
}
