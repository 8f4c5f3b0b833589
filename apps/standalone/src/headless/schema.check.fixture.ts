/** Checks JSON against schemas of an OpenAPI document, as far as our documents use them. */

type Json = Readonly<Record<string, unknown>>;

/** A document, as far as schemas need it. */
export type SchemaDocument = { readonly components: { readonly schemas: Json } };

/** What is wrong with a value, as lines such as `data.flows.0.id: "x" is none of ["login"]`; none when it fits. */
export function misfits(document: SchemaDocument, schema: unknown, value: unknown, at = ''): string[] {
  const { $ref, allOf, oneOf, anyOf, nullable, type, ...rest }: Json = Object(schema);
  if (value === null && nullable === true) return [];
  const told = (problem: string) => [`${at}: ${problem}`];
  const found: string[] = [];
  if (typeof $ref === 'string')
    found.push(...misfits(document, document.components.schemas[$ref.split('/').at(-1) ?? ''], value, at));
  for (const part of listOf(allOf)) found.push(...misfits(document, part, value, at));
  for (const all of [oneOf, anyOf]) {
    const tries = listOf(all).map((one) => misfits(document, one, value, at));
    if (tries.length > 0 && tries.every((one) => one.length > 0))
      found.push(...told(`none of these: ${tries.join(' / ')}`));
  }
  if (typeof type === 'string' && !isOf(type, value))
    return [...found, ...told(`${JSON.stringify(value)} is no ${type}`)];
  if (Array.isArray(rest.enum) && !rest.enum.includes(value))
    found.push(...told(`${JSON.stringify(value)} is none of ${JSON.stringify(rest.enum)}`));
  return [...found, ...insideOf(document, rest, value, at)];
}

function insideOf(
  document: SchemaDocument,
  { properties, required, items }: Json,
  value: unknown,
  at: string,
): string[] {
  if (Array.isArray(value))
    return items === undefined ? [] : value.flatMap((one, index) => misfits(document, items, one, below(at, index)));
  if (typeof value !== 'object' || value === null) return [];
  const given: Json = Object(value);
  const missing = listOf(required).filter((name) => !(String(name) in given));
  return [
    ...missing.map((name) => `${at}: lacks ${name}`),
    ...Object.entries(Object(properties)).flatMap(([name, one]) =>
      name in given ? misfits(document, one, given[name], below(at, name)) : [],
    ),
  ];
}

const below = (at: string, name: string | number) => (at === '' ? String(name) : `${at}.${name}`);

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
