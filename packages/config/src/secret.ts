import { inspect } from 'node:util';

const REDACTED = '[secret]';

/** A value that prints, logs and serialises as `[secret]`. Only `reveal()` shows it; call that where the value is used, not before. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
