import { type EntityMetadata, raw } from '@mikro-orm/core';
import { at, type Condition, columnOf, containing } from './condition.ts';
import { listErrors } from './list.errors.ts';
import { asText, type Parse, readBoolean } from './value.ts';

/**
 * Turns the value of a parameter into a condition; undefined means that the filter does not apply. Empty values never get here.
 *
 * @throws a field error that names the parameter, when the value makes no sense
 */
export type Filter = (value: unknown, parameter: string, meta: EntityMetadata) => Condition | undefined;

/** Equality. The path may cross to-one relations: `exact('user__username')`. */
export function exact(path: string, parse: Parse<unknown> = asText): Filter {
  return (value, parameter) => at(path, parse(value, parameter));
}

/** The column holds this text somewhere, whatever its case. */
export function icontains(path: string): Filter {
  return (value) => at(path, containing(asText(value, path)));
}

/** The column starts with this text, in this case. */
export function startsWith(path: string): Filter {
  return (value) => at(path, { $like: `${asText(value, path).replaceAll(/[\\%_]/g, '\\$&')}%` });
}

/** A parameter that may be repeated: any of its values. */
export function anyOf(path: string, parse: Parse<unknown> = asText): Filter {
  return (value, parameter) => at(path, { $in: [value].flat().map((one) => parse(one, parameter)) });
}

/** The array column holds every value. */
export function contains(path: string, parse: Parse<unknown> = asText): Filter {
  return (value, parameter) => at(path, { $contains: [value].flat().map((one) => parse(one, parameter)) });
}

/** A row of a to-many relation meets the inner filter: `some('groups', anyOf('name'))`. */
export function some(relation: string, inner: Filter): Filter {
  return (value, parameter, meta) => {
    const condition = inner(value, parameter, meta);
    return condition && at(relation, { $some: condition });
  };
}

/** A boolean column. */
export function boolean(path: string): Filter {
  return (value) => {
    const wanted = readBoolean(value);
    return wanted === undefined ? undefined : at(path, wanted);
  };
}

/** `true` asks for rows without a value, `false` for rows with one. */
export function isNull(path: string): Filter {
  return (value) => {
    const wanted = readBoolean(value);
    return wanted === undefined ? undefined : at(path, wanted ? null : { $ne: null });
  };
}

/** What no other filter says. */
export function custom(filter: Filter): Filter {
  return filter;
}

/**
 * Free-form properties: `{"a": 1, "b__c": "x"}` asks for equality, with `__` reaching into nested objects and lists. What is equal is
 * contained, too, and that an index on the column answers (`gin (tenant_id, <column> jsonb_path_ops)`).
 */
export function attributes(property: string): Filter {
  return (value, _parameter, meta) => {
    const column = columnOf(meta, property);
    const conditions = Object.entries(readMapping(value)).map(([key, wanted]) => {
      const steps = key.split('__');
      const path = JSON.stringify(steps).slice(1, -1);
      const equal = (alias: string) => `("${alias}"."${column}" #> ?::text[]) = ?::jsonb`;
      const equality: Condition = { [raw(equal, [`{${path}}`, JSON.stringify(wanted)])]: [] };
      // A number may be a place in a list, which containment does not know.
      if (steps.some((step) => /^-?\d+$/.test(step))) return equality;
      const inside = steps.reduceRight<unknown>((inner, step) => new Map([[step, inner]]), wanted);
      const contained = (alias: string) => `"${alias}"."${column}" @> ?::jsonb`;
      return { $and: [equality, { [raw(contained, [JSON.stringify(inside, plainMaps)])]: [] }] };
    });
    return conditions.length > 0 ? { $and: conditions } : undefined;
  };
}

/** Maps as JSON objects: unlike in an object, no key means anything in them. */
function plainMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function readMapping(value: unknown): object {
  let parsed = value;
  try {
    if (typeof value === 'string') parsed = JSON.parse(value);
  } catch (cause) {
    throw listErrors.FILTER_NOT_JSON({}, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw listErrors.FILTER_NOT_MAPPING();
  return parsed;
}
