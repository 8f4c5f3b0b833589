import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '../format/index.ts';
import { type Held, type Inventory, keysIn } from './inventory.ts';

/** A field that tells an object from others: its value, or the object that it refers to. */
export type IdentityPart = { readonly field: string } & ({ readonly value: Json } | { readonly reference: Held });

/** What tells an object from all others, in any installation: never a key. */
export type Identity = {
  readonly parts: readonly IdentityPart[];
  /** The same for the same object everywhere, different for different ones. */
  readonly text: string;
  /** Name of its entry. */
  readonly id: string;
};

/** Identities of all objects; those that nothing tells apart from another one share its identity, and are named. */
export type Identities = {
  of(held: Held): Identity;
  /** Objects that are another one once more. */
  readonly doubles: ReadonlyMap<Held, Held>;
};

/** Identifies the objects of an inventory. */
export function identify(inventory: Inventory): Identities {
  const known = new Map<Held, Identity>();
  const doubles = new Map<Held, Held>();

  function of(held: Held): Identity {
    const identity = known.get(held) ?? identityOf(held, partsOf(held, inventory));
    known.set(held, identity);
    return identity;
  }

  function identityOf(held: Held, parts: readonly IdentityPart[]): Identity {
    const texts = parts.map((part) => ('reference' in part ? shortOf(part.reference) : textOf(part.value)));
    const text = JSON.stringify([held.model.label, ...parts.map(({ field }, at) => [field, texts[at] ?? ''])]);
    const noun = held.model.label.split('.')[1] ?? '';
    return { parts, text, id: held.model.singleton ? noun : `${noun}/${readable(texts, text)}` };
  }

  const shortOf = (held: Held): string => of(held).id;

  /** Where the natural key is no key, further values tell objects apart; where these are the same too, one of them is enough. */
  function tellApart(same: readonly Held[]): void {
    const [first, ...rest] = same;
    if (!first || rest.length === 0) return;
    const taken = new Map<string, Held>();
    for (const held of same) {
      const longer = identityOf(held, [...partsOf(held, inventory), ...furtherParts(held)]);
      const other = taken.get(longer.text);
      if (other) doubles.set(held, other);
      else taken.set(longer.text, held);
      known.set(held, longer);
    }
  }

  for (const same of Map.groupBy(inventory.held, (held) => of(held).text).values()) tellApart(same);
  return { of, doubles };
}

function partsOf({ model, object }: Held, { find }: Inventory): IdentityPart[] {
  return model.identifiedBy.map((alternatives) => {
    const names = alternatives.split('|');
    const field = names.find((name) => object[name] !== null && object[name] !== '') ?? names.at(-1) ?? '';
    const value = object[field] ?? null;
    const reference = model.fields.get(field)?.reference;
    const [key] = keysIn(value);
    const other = reference === undefined || key === undefined ? undefined : find(reference, key);
    return other ? { field, reference: other } : { field, value };
  });
}

function furtherParts({ model, object }: Held): IdentityPart[] {
  const identifying = new Set(model.identifiedBy.flatMap((names) => names.split('|')));
  const plain = [...model.fields.values()].filter(
    ({ name, writable, readable: isShown, secret, derived, reference, isList }) =>
      writable && isShown && !secret && !derived && !isList && reference === undefined && !identifying.has(name),
  );
  return plain.flatMap(({ name: field }) => {
    const value = object[field] ?? null;
    return isJsonObject(value) ? [] : [{ field, value }];
  });
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const LONGEST = 60;

/** A short text for people, with a mark of the whole wherever it says less than that. */
function readable(texts: readonly string[], whole: string): string {
  const given = texts.filter((text) => text !== 'null');
  const plain = given.map((text) => text.replace(/^[a-z0-9]+\//, '').replaceAll(/[^\w.-]+/g, '-'));
  const short = plain.join('.').slice(0, LONGEST);
  const [only] = texts;
  if (texts.length === 1 && short === only) return short;
  return `${short}~${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
}
