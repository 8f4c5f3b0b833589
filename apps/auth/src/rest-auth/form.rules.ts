import { invalidField, invalidFields, type Violation } from '@postern/errors';
import { isAddress } from '../mailboxes/index.ts';

/** Notes what is wrong with the fields of a body, and throws all of it at once. */
export type FormCheck = {
  /** The text without the spaces around it; notes one that is empty. */
  text(field: string, given: string): string;
  /** The same for an address, which may be empty. */
  address(field: string, given: string): string;
  /** Whether nothing is wrong with a field. */
  isFine(field: string): boolean;
  /** Notes something. */
  wrong(field: string, ...sentences: readonly string[]): void;
  /** Throws what was noted. */
  done(): void;
};

const BLANK = 'This field may not be blank.';

/** Begins a check. */
export function checkForm(): FormCheck {
  const found: Violation[] = [];
  const wrong: FormCheck['wrong'] = (field, ...sentences) => {
    for (const description of sentences) found.push({ field, description, reason: 'INVALID' });
  };
  return {
    wrong,
    isFine: (field) => found.every((one) => one.field !== field),
    text(field, given) {
      const value = given.trim();
      if (value === '') wrong(field, BLANK);
      return value;
    },
    address(field, given) {
      const value = given.trim();
      if (value !== '' && !isAddress(value)) wrong(field, 'Enter a valid email address.');
      return value;
    },
    done() {
      if (found.length > 0) throw invalidFields(found);
    },
  };
}

/** What is wrong with a request as a whole, as the API says it: under `non_field_errors`. */
export function wrongAsAWhole(sentence: string) {
  return invalidField('', sentence);
}
