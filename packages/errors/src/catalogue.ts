import type { Code } from './code.ts';
import { PosternError, type Violation } from './postern-error.ts';

/** One reason of a catalogue. */
export type ErrorDefinition = {
  readonly code: Code;
  /** What the caller reads. `{variables}` are filled from the metadata. */
  readonly message: string;
  /** The field of the request that is to blame: the error then carries a violation of that field. */
  readonly field?: string;
  /** When it is raised, for docs/errors.md. */
  readonly doc: string;
};

/** Values of message variables and of further metadata; they travel as strings and may be shown to the caller. */
export type MetadataInput = Readonly<Record<string, string | number | boolean>>;

/** What an error may carry beyond its metadata. */
export type RaiseOptions = {
  /** The private cause, for the log. */
  cause?: unknown;
  /** Violations instead of the one that `field` of the definition implies. */
  violations?: readonly Violation[];
};

type VariablesOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | VariablesOf<Rest>
  : never;

type Arguments<Message extends string> = [VariablesOf<Message>] extends [never]
  ? [metadata?: MetadataInput, options?: RaiseOptions]
  : [
      metadata: MetadataInput & Readonly<Record<VariablesOf<Message>, string | number | boolean>>,
      options?: RaiseOptions,
    ];

/** What a catalogue knows about one of its reasons. */
export type CatalogueEntry = Readonly<ErrorDefinition> & {
  readonly domain: string;
  readonly reason: string;
  /** Whether an error has this reason, also after it crossed the wire. */
  is(error: unknown): error is PosternError;
};

/** Makes an error of one reason: `throw errors.GROUP_NAME_TAKEN({ name })`. */
export type ErrorConstructorOf<Message extends string = string> = CatalogueEntry &
  ((...args: Arguments<Message>) => PosternError);

/** The reasons of one feature, each a constructor that also describes itself. */
export type Catalogue = Readonly<Record<string, CatalogueEntry>>;

type CatalogueOf<Definitions extends Record<string, ErrorDefinition>> = {
  readonly [Reason in keyof Definitions]: ErrorConstructorOf<Definitions[Reason]['message']>;
};

/**
 * Declares the errors that one feature can raise.
 *
 * @param domain who gives the reasons, such as `directory.groups`
 * @param definitions reasons (UPPER_SNAKE, permanent) and what they mean
 */
export function defineErrors<const Definitions extends Record<string, ErrorDefinition>>(
  domain: string,
  definitions: Definitions,
): CatalogueOf<Definitions> {
  const constructors: Record<string, CatalogueEntry> = {};
  for (const [reason, definition] of Object.entries(definitions)) {
    constructors[reason] = constructorOf(domain, reason, definition);
  }
  return Object.freeze(constructors) as CatalogueOf<Definitions>;
}

function constructorOf(domain: string, reason: string, definition: ErrorDefinition): ErrorConstructorOf {
  const { code, field } = definition;
  const make = (input: MetadataInput = {}, options: RaiseOptions = {}) => {
    const metadata = textual(input);
    const message = fill(definition.message, metadata);
    const own = field === undefined ? [] : [{ field, description: message, reason }];
    return new PosternError({ code, reason, domain, message, metadata, violations: own, ...options });
  };
  const is = (error: unknown): error is PosternError =>
    error instanceof PosternError && error.reason === reason && error.domain === domain;
  const { message, doc } = definition;
  return Object.freeze(Object.assign(make, { domain, reason, code, message, field, doc, is }));
}

function textual(input: MetadataInput): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, String(value)]));
}

function fill(template: string, metadata: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => metadata[name] ?? whole);
}
