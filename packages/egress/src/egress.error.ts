/** Why a call came to nothing. */
export type EgressReason = 'bad_address' | 'internal_address' | 'unreachable' | 'timeout' | 'too_large' | 'redirect';

const MESSAGES: Readonly<Record<EgressReason, string>> = {
  bad_address: 'The address is not one of http or https.',
  internal_address: 'The address belongs to an internal network.',
  unreachable: 'The server cannot be reached.',
  timeout: 'The server took too long.',
  too_large: 'The answer is too large.',
  redirect: 'The server redirects elsewhere.',
};

/** A call that came to nothing. The message is for people; it names no address, which may hold a secret. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly reason: EgressReason;

  constructor(reason: EgressReason, options?: ErrorOptions) {
    super(MESSAGES[reason], options);
    this.reason = reason;
  }
}
