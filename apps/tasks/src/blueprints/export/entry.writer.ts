import { isDeepStrictEqual } from 'node:util';
import { type Entry, type Json, type Tagged, tag, tagged, withoutCredentials } from '../format/index.ts';
import type { ModelField } from '../registry/index.ts';
import type { Identities } from './identity.ts';
import { type Held, type Inventory, keysIn } from './inventory.ts';
import type { Edge } from './order.ts';
import { type ExportedPicture, pictureOf } from './pictures.ts';

/** What writing entries needs. */
export type EntryWriterDeps = {
  readonly inventory: Inventory;
  readonly identities: Identities;
  /** Whether an object stands in an entry of the same document as another. */
  readonly isTogether: (one: Held, other: Held) => boolean;
};

/** A secret that an entry names instead of holding it. */
export type NamedSecret = { readonly name: string; readonly value: string };

/** An entry, and what stands beside it. */
export type WrittenEntry = {
  readonly entry: Entry;
  readonly secrets: readonly NamedSecret[];
  /** Uploaded pictures that it asks for. */
  readonly pictures: readonly ExportedPicture[];
  /** What it does not say, one sentence each. */
  readonly remarks: readonly string[];
};

/** Names of the context under which secrets are given. */
export const SECRETS = 'secrets';

type Part = {
  readonly value?: Tagged;
  readonly secret?: NamedSecret;
  readonly picture?: ExportedPicture;
  readonly remark?: string;
};

/** The references of an object, those that tell it apart first. */
export function edgesOf({ inventory, identities }: Omit<EntryWriterDeps, 'isTogether'>) {
  return (held: Held): Edge<Held>[] => {
    const identifying = new Set(identities.of(held).parts.map(({ field }) => field));
    return [...held.model.fields.values()].flatMap((field) => {
      const { name, reference, required, derived, writable } = field;
      if (reference === undefined || derived || !writable) return [];
      const canWait = !required && !identifying.has(name);
      const found = keysIn(held.object[name]).flatMap((key) => inventory.find(reference, key) ?? []);
      const once = [...new Set(found.map((to) => identities.doubles.get(to) ?? to))].sort(byIdentity(identities));
      return once.map((to) => ({ to, field: name, canWait }));
    });
  };
}

/** Writes objects as entries. */
export function createEntryWriter(deps: EntryWriterDeps) {
  const { inventory, identities, isTogether } = deps;

  function referTo(from: Held, given: Held): Tagged {
    const to = identities.doubles.get(given) ?? given;
    const { parts, id } = identities.of(to);
    if (isTogether(from, to)) return tag('KeyOf', tagged(id));
    const conditions = parts.map((part): Tagged => {
      const value = 'reference' in part ? referTo(from, part.reference) : tagged(part.value);
      return { kind: 'list', items: [tagged(part.field), value], line: 0 };
    });
    return tag('Find', tagged(to.model.label), ...conditions);
  }

  function identifiersOf(held: Held): Map<string, Tagged> {
    const { parts } = identities.of(held);
    return new Map(
      parts.map((part) => [part.field, 'reference' in part ? referTo(held, part.reference) : tagged(part.value)]),
    );
  }

  function referenceOf(held: Held, { name, isList, reference = '' }: ModelField): Part {
    const keys = keysIn(held.object[name]);
    const found = keys.map((key) => inventory.find(reference, key)).filter((one) => one !== undefined);
    const lost = keys.length - found.length;
    const remark =
      lost === 0 ? {} : { remark: `${identities.of(held).id}: ${name} refers to ${lost} objects that are not there.` };
    // The order of references means nothing, and follows keys that mean nothing.
    const sorted = [...new Set(found)].sort(byIdentity(identities));
    const items = sorted.map((to) => referTo(held, to));
    const value: Tagged | undefined = isList ? { kind: 'list', items, line: 0 } : items[0];
    return { ...remark, ...(value && (items.length > 0 || lost > 0) && { value }) };
  }

  function secretOf(held: Held, { name, readable, default: unset = '' }: ModelField): Part {
    const { id } = identities.of(held);
    const hidden = held.hidden.get(name);
    const value = readable ? held.object[name] : hidden?.value;
    if (value === undefined) return { remark: `${id}: ${name} cannot be read.` };
    if (value === unset || value === null || value === '') return {};
    if (hidden?.isPublic) return { value: tagged(value) };
    return named(`${id}/${name}`, String(value));
  }

  function plainOf(held: Held, { name, default: unset }: ModelField): Part {
    const value = held.object[name] ?? null;
    if (isDeepStrictEqual(value, unset ?? null) && unset !== undefined) return {};
    const stripped = typeof value === 'string' ? withoutCredentials(value) : value;
    if (stripped === value) return { value: tagged(value) };
    return named(`${identities.of(held).id}/${name}`, String(value), stripped);
  }

  function partOf(held: Held, field: ModelField): Part {
    if (field.reference !== undefined) return referenceOf(held, field);
    return field.secret ? secretOf(held, field) : plainOf(held, field);
  }

  function attrsOf(held: Held, isIncluded: (field: string) => boolean) {
    const fields = [...held.model.fields.values()].filter(
      ({ name, writable, derived }) => writable && !derived && isIncluded(name),
    );
    const parts = fields.map((field): readonly [string, Part] => [field.name, partOf(held, field)]);
    const picture = pictureOf(held);
    if (picture && isIncluded(picture.field)) parts.push([picture.field, picture]);
    return parts;
  }

  return {
    /** The entry that makes an object, without the fields that are set later. */
    write(held: Held, index: number, later: ReadonlySet<string>, isReferredTo: boolean): WrittenEntry {
      const identifiers = identifiersOf(held);
      const parts = attrsOf(held, (field) => !identifiers.has(field) && !later.has(field));
      const { id } = identities.of(held);
      return written(held, index, identifiers, parts, isReferredTo ? id : undefined);
    },

    /** The entry that sets the rest of an object that is there. */
    writeRest(held: Held, index: number, later: ReadonlySet<string>): WrittenEntry {
      return written(
        held,
        index,
        identifiersOf(held),
        attrsOf(held, (field) => later.has(field)),
      );
    },
  };
}

/** The same order everywhere, whatever the keys are. */
export function byIdentity({ of }: Identities) {
  return (one: Held, other: Held): number => (of(one).text < of(other).text ? -1 : 1);
}

function named(name: string, value: string, otherwise?: Json): Part {
  const args =
    otherwise === undefined ? [tagged(`${SECRETS}/${name}`)] : [tagged(`${SECRETS}/${name}`), tagged(otherwise)];
  return { value: tag('Context', ...args), secret: { name: `${SECRETS}/${name}`, value } };
}

function written(
  { model }: Held,
  index: number,
  identifiers: ReadonlyMap<string, Tagged>,
  parts: readonly (readonly [string, Part])[],
  id?: string,
): WrittenEntry {
  const attrs = new Map(parts.flatMap(([name, { value }]) => (value ? [[name, value] as const] : [])));
  return {
    entry: {
      index,
      line: 0,
      model: tagged(model.label),
      state: tagged('present'),
      conditions: [],
      identifiers: { kind: 'map', fields: identifiers, line: 0 },
      attrs: { kind: 'map', fields: attrs, line: 0 },
      ...(id !== undefined && { id }),
    },
    secrets: parts.flatMap(([, { secret }]) => secret ?? []),
    pictures: parts.flatMap(([, { picture }]) => picture ?? []),
    remarks: parts.flatMap(([, { remark }]) => remark ?? []),
  };
}
