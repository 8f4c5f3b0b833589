import { type Answer, bare } from './headless.answer.ts';
import { type Fields, readFields, type ValuesOf } from './headless.fields.ts';
import type { Problem } from './headless.problems.ts';
import type { Person, Visit } from './headless.visit.ts';
import type { RateAction } from './rate.limits.ts';

/** What the frame looks at before an operation does its work. */
export type OperationRules = {
  /** Whether the tenant has it. Default: it has. */
  readonly isServed?: (visit: Visit) => boolean;
  /** The clients that have it. Default: both. */
  readonly client?: 'browser' | 'app';
  /** Somebody has to be signed in. Default: nobody has to. */
  readonly gate?: 'authenticated' | undefined;
  /**
   * Whether whoever is signed in, and must have a second factor where the tenant wants everybody to, has to have one. Default: where somebody
   * has to be signed in. False for what it takes to get one.
   */
  readonly needsFactor?: boolean;
  /** What it counts as; every request of it counts, right or wrong. */
  readonly limit?: RateAction;
  /** Whether it is sensitive: `always`, `if-set` where the tenant says so, or what the visit says. */
  readonly reauthentication?: 'always' | 'if-set' | ((visit: Visit) => Promise<boolean>);
};

/**
 * One operation of the API, as far as it differs from the others. The frame asks in this order: is it served (404), is somebody signed in
 * (401), have they the second factor that everybody must have (403), is it done too often (429), is the body right (400), has it to be shown once more who it is (401); then the operation does its work.
 */
export type HeadlessOperation = OperationRules & {
  /** Reads a body: what is wrong with it, or the work that is to be done with it. */
  readonly prepare: (
    visit: Visit,
    body: Readonly<Record<string, unknown>>,
  ) => { readonly problems: readonly Problem[] } | { readonly run: () => Promise<Answer> };
};

type Work<Form extends Fields> = {
  /** Fields of its body, or a function where they depend on settings. Default: none. */
  readonly form?: Form | ((visit: Visit) => Form);
} & (
  | {
      readonly gate: 'authenticated';
      readonly run: (visit: Visit & { readonly person: Person }, values: ValuesOf<Form>) => Promise<Answer>;
    }
  | { readonly gate?: undefined; readonly run: (visit: Visit, values: ValuesOf<Form>) => Promise<Answer> }
);

/** Declares an operation: its body is typed by its form. */
export function operation<Form extends Fields>(given: OperationRules & Work<Form>): HeadlessOperation {
  const { form, run: _, ...rules } = given;
  return {
    ...rules,
    prepare(visit, body) {
      // Without a form there is nothing to read.
      const fields = (typeof form === 'function' ? form(visit) : form) ?? ({} as Form);
      const read = readFields(fields, body);
      return 'problems' in read ? read : { run: () => work(given, visit, read.values) };
    },
  };
}

function work<Form extends Fields>(given: Work<Form>, visit: Visit, values: ValuesOf<Form>): Promise<Answer> {
  if (given.gate !== 'authenticated') return given.run(visit, values);
  const { person } = visit;
  return person === undefined ? Promise.resolve(bare(401)) : given.run(Object.assign(visit, { person }), values);
}
