import { type DescField, type FileRegistry, fromBinary, type JsonValue, toJson } from '@bufbuild/protobuf';
import { readOption } from '@postern/proto';

/** Simple rules by name; limits are numbers or texts, 64-bit ones texts always. Only what the proto sets is there. */
export type RuleSet = Readonly<Record<string, JsonValue | undefined>>;

/** Value rules of a field, as `buf.validate` declares them. */
export type FieldRules = {
  readonly string?: RuleSet;
  /** Rules of whichever number type the field has. */
  readonly number?: RuleSet;
  readonly maxItems?: number;
  /** Rules of the items of a list. */
  readonly items?: FieldRules;
  readonly ignore?: 'always' | 'zero';
};

const NUMBERS = ['int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'double', 'float'] as const;

/**
 * Reads the rules of a field. The generated codec cannot tell a limit of 0 from none, because the rules are proto2: the
 * JSON form can.
 */
export function rulesOfField(registry: FileRegistry, field: DescField): FieldRules {
  const schema = registry.getMessage('buf.validate.FieldRules');
  const bytes = readOption(registry, field, 'buf.validate.field', { decode: (encoded) => encoded });
  if (!schema || !bytes) return {};
  return rulesOfJson(toJson(schema, fromBinary(schema, bytes), { registry, useProtoFieldName: true }));
}

function rulesOfJson(json: JsonValue | undefined): FieldRules {
  const all = asSet(json);
  const repeated = asSet(all.repeated);
  const numbers = NUMBERS.map((name) => all[name]).find((rules) => rules !== undefined);
  return {
    ...(all.string === undefined ? {} : { string: asSet(all.string) }),
    ...(numbers === undefined ? {} : { number: asSet(numbers) }),
    ...(repeated.max_items === undefined ? {} : { maxItems: Number(repeated.max_items) }),
    ...(repeated.items === undefined ? {} : { items: rulesOfJson(repeated.items) }),
    ...(all.ignore === 'IGNORE_ALWAYS' ? { ignore: 'always' as const } : {}),
    ...(all.ignore === 'IGNORE_IF_ZERO_VALUE' ? { ignore: 'zero' as const } : {}),
  };
}

function asSet(json: JsonValue | undefined): RuleSet {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
