import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { createCommentReader, fieldBehavior, fieldRules, messageShape, unionOf } from '@postern/proto';
import { createFieldSchema } from './field.schema.ts';
import type { Place, Schema } from './schema.types.ts';

/** The schemas of a document, gathered while its operations are described. */
export type Schemas = {
  /** The schema of a message where it is used; named schemas are gathered on the way. */
  use: (message: DescMessage, place: Place) => Schema;
  /** The same for a message of which some fields stand elsewhere, such as in the path. */
  useWithout: (message: DescMessage, left: readonly string[], place: Place) => Schema;
  /** The schema of one field. */
  field: (field: DescField, place: Place) => Schema;
  /** Looks through a reference. */
  resolve: (schema: Schema) => Schema;
  /** What was gathered, by name in alphabetical order. */
  all: () => Record<string, Schema>;
};

/** Starts a collection of schemas. */
export function createSchemas(registry: FileRegistry): Schemas {
  const found = new Map<string, Schema>();
  const field = createFieldSchema({ registry, comment: createCommentReader(), message: use, choice });
  const comment = createCommentReader();

  function reference(name: string, make: () => Schema): Schema {
    if (!found.has(name)) {
      found.set(name, {}); // taken before it is made, as messages may contain themselves
      found.set(name, make());
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function choice(name: string, values: readonly string[]): Schema {
    return reference(name, () => ({ type: 'string', enum: [...values] }));
  }

  function use(message: DescMessage, place: Place): Schema {
    return useWithout(message, [], place);
  }

  function useWithout(message: DescMessage, left: readonly string[], place: Place): Schema {
    const shape = messageShape(registry, message);
    const [only] = message.fields;
    if (shape.bare_list && only) return { type: 'array', items: field(only, place).items };
    const fields = message.fields.filter((one) => !left.includes(one.name) && belongs(one, place));
    if (shape.inline) return objectSchema(message, fields, place);
    return reference(schemaName(shape.schema || message.name, place), () => objectSchema(message, fields, place));
  }

  function belongs(one: DescField, place: Place): boolean {
    const { outputOnly, inputOnly } = fieldBehavior(registry, one);
    return place === 'answer' ? !inputOnly : !outputOnly;
  }

  function objectSchema(message: DescMessage, fields: readonly DescField[], place: Place): Schema {
    const discriminator = message.oneofs.map((one) => unionOf(registry, one)?.discriminator).find(Boolean);
    if (discriminator) return unionSchema(fields, discriminator, place);
    const others = alternatives(message, place);
    if (fields.length === 0 && others.oneOf) return others;
    const inside = place === 'patch' ? 'request' : place;
    const properties = Object.fromEntries(fields.map((one) => [one.name, field(one, inside)]));
    const required = place === 'patch' ? [] : fields.filter((one) => isRequired(one)).map((one) => one.name);
    const description = comment(message);
    return {
      type: 'object',
      ...(description && { description }),
      properties,
      ...(required.length > 0 && { required: required.sort() }),
      ...(messageShape(registry, message).open && { additionalProperties: {} }),
      ...others,
    };
  }

  /** What a message is like besides what its fields say. */
  function alternatives(message: DescMessage, place: Place): Pick<Schema, 'oneOf' | 'anyOf'> {
    const { one_of, any_of } = messageShape(registry, message);
    const all = (names: readonly string[]) => names.map((name) => use(requireMessage(registry, name), place));
    return { ...(one_of.length > 0 && { oneOf: all(one_of) }), ...(any_of.length > 0 && { anyOf: all(any_of) }) };
  }

  function isRequired(one: DescField): boolean {
    const { required, outputOnly } = fieldBehavior(registry, one);
    return required || outputOnly;
  }

  function unionSchema(fields: readonly DescField[], propertyName: string, place: Place): Schema {
    const members = fields.flatMap((one) =>
      one.message ? [{ message: one.message, schema: use(one.message, place) }] : [],
    );
    const mapping = members.map(({ message, schema }) => [tagOf(message, propertyName), schema.$ref ?? '']);
    return {
      oneOf: members.map(({ schema }) => schema),
      discriminator: { propertyName, mapping: Object.fromEntries(mapping) },
    };
  }

  /** The value of the discriminator that means a member. */
  function tagOf(message: DescMessage, propertyName: string): string {
    const tag = message.fields.find((one) => one.name === propertyName);
    if (!tag) throw new Error(`${message.typeName} has no ${propertyName}`);
    const rules = fieldRules(registry, tag)?.string;
    return rules?.const || rules?.in[0] || '';
  }

  const resolve = (schema: Schema) => found.get(schema.$ref?.split('/').at(-1) ?? '') ?? schema;
  const all = () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { use, useWithout, field, resolve, all };
}

/** The message of a full name. Throws for a name that there is not. */
export function requireMessage(registry: FileRegistry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (!message) throw new Error(`no message ${name}`);
  return message;
}

/** `Group` is `GroupRequest` in a body that creates and `PatchedGroupRequest` in one that changes. */
function schemaName(name: string, place: Place): string {
  if (place === 'answer') return name;
  const request = name.endsWith('Request') ? name : `${name}Request`;
  return place === 'patch' ? `Patched${request}` : request;
}
