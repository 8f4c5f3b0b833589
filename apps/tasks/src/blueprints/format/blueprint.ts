import type { Json, JsonObject } from './json.ts';

/** The tags that a blueprint may use. */
export const TAG_NAMES = [
  'KeyOf',
  'Find',
  'Context',
  'Env',
  'File',
  'Format',
  'If',
  'Condition',
  'Enumerate',
  'Index',
  'Value',
] as const;

/** Name of a tag, as `!KeyOf` without the mark. */
export type TagName = (typeof TAG_NAMES)[number];

/** A plain value: text, number, truth value or null. */
export type TaggedScalar = {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly line: number;
};

/** A sequence. */
export type TaggedList = { readonly kind: 'list'; readonly items: readonly Tagged[]; readonly line: number };

/** A mapping, in the order of the document. */
export type TaggedMap = { readonly kind: 'map'; readonly fields: ReadonlyMap<string, Tagged>; readonly line: number };

/** A tag and its arguments. `!KeyOf x` and `!KeyOf [x]` are the same: one argument. */
export type TaggedTag = {
  readonly kind: 'tag';
  readonly tag: TagName;
  readonly args: readonly Tagged[];
  readonly line: number;
};

/** Data of a blueprint, in which any value may be a tag that is evaluated when its entry is applied. Lines start at 1; 0 is no line. */
export type Tagged = TaggedScalar | TaggedList | TaggedMap | TaggedTag;

/** A parsed blueprint, its tags not evaluated yet. */
export type Blueprint = {
  readonly version: 1;
  readonly metadata?: BlueprintMetadata;
  /** Default context: a map whose values may be tags. */
  readonly context: Tagged;
  readonly entries: readonly Entry[];
};

/** What a blueprint says about itself. */
export type BlueprintMetadata = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

/** One object that a blueprint is about. */
export type Entry = {
  /** Place among the entries, from 0. */
  readonly index: number;
  /** Line of the document it starts at, from 1; 0 for an entry that no document holds. */
  readonly line: number;
  readonly model: Tagged;
  readonly state: Tagged;
  readonly conditions: readonly Tagged[];
  /** A map, or a tag that becomes one. */
  readonly identifiers: Tagged;
  /** A map, or a tag that becomes one. */
  readonly attrs: Tagged;
  /** Name by which later entries refer to the object (`!KeyOf`). */
  readonly id?: string;
};

/** What an entry wants of its object. */
export const ENTRY_STATES = ['present', 'created', 'must_created', 'absent'] as const;

/** What an entry wants of its object: present (create or change), created (leave an existing one), must_created, absent (delete). */
export type EntryState = (typeof ENTRY_STATES)[number];

/** An entry whose tags are evaluated. Of an entry whose conditions do not hold nothing else is evaluated. */
export type ResolvedEntry = { readonly index: number; readonly line: number; readonly id?: string } & (
  | { readonly conditions: false }
  | {
      readonly conditions: true;
      /** Label of the model in lower case, such as `authentik_core.group`; not checked for existence. */
      readonly model: string;
      readonly state: EntryState;
      readonly identifiers: JsonObject;
      readonly attrs: JsonObject;
    }
);

/** What tags are evaluated against. */
export type Scope = {
  /** What `!Context` reads: made by `contextOf(blueprint, overrides)`. */
  readonly context: Tagged;
  /** A variable that blueprints may read; undefined for one that is not set, or not theirs to read. */
  env(name: string): string | undefined;
  /** Text of a file below the sandbox. Throws BlueprintError where there is none. */
  file(path: string): Promise<string>;
  /** Key of the object of an earlier entry; undefined where there is none. */
  keyOf(id: string): Json | undefined;
  /** Key of the first object that fits all conditions; null where there is none. Throws BlueprintError for an unknown model or field. */
  find(model: string, conditions: readonly FindCondition[]): Promise<Json | null>;
};

/** A field of an object (lookups such as `name__iexact` allowed) and the value it shall have. */
export type FindCondition = readonly [field: string, value: Json];
