import type { Answer } from './headless.answer.ts';
import type { Fields, ValuesOf } from './headless.fields.ts';
import type { Person, Visit } from './headless.visit.ts';
import type { RateAction } from './rate.limits.ts';

/**
 * One operation of the API, as far as it differs from the others. The frame asks in this order: is it served (404), is somebody signed in
 * (401), is it done too often (429), is the body right (400), has it to be shown once more who it is (401); then the operation does its work.
 */
export type HeadlessOperation<Form extends Fields = Fields> = {
  /** Whether the tenant has it. Default: it has. */
  readonly isServed?: (visit: Visit) => boolean;
  /** The clients that have it. Default: both. */
  readonly client?: 'browser' | 'app';
  /** What it counts as; every request of it counts, right or wrong. */
  readonly limit?: RateAction;
  /** Fields of its body, or a function where they depend on settings. Default: none. */
  readonly form?: Form | ((visit: Visit) => Form);
  /** Whether it is sensitive: `always`, `if-set` where the tenant says so, or what the visit says. */
  readonly reauthentication?: 'always' | 'if-set' | ((visit: Visit) => Promise<boolean>);
} & (
  | {
      /** Somebody has to be signed in. */
      readonly gate: 'authenticated';
      readonly run: (visit: Visit & { readonly person: Person }, values: ValuesOf<Form>) => Promise<Answer>;
    }
  | { readonly gate?: undefined; readonly run: (visit: Visit, values: ValuesOf<Form>) => Promise<Answer> }
);

/** Declares an operation: its body is typed by its form. */
export function operation<Form extends Fields>(given: HeadlessOperation<Form>): HeadlessOperation<Form> {
  return given;
}
