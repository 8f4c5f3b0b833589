/** A notification that did not arrive, and why, in words for administrators. They name no address: it may hold a secret. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  /** Whether trying again is of no use. */
  readonly isPermanent: boolean;

  constructor(message: string, { isPermanent = false, cause }: { isPermanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isPermanent = isPermanent;
  }
}
