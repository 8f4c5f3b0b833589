/**
 * The sentences of field errors, exactly as clients of the contract know them. `body` and `query` differ: filters of a
 * query speak like a form, fields of a body like a serializer.
 */

/** What a broken rule may be told about: the offending value and the limits of the rule. */
export type Facts = { readonly value?: unknown; readonly limits?: Readonly<Record<string, string>> };

/** Sentences that do not depend on a value. */
export const texts = {
  required: 'This field is required.',
  null: 'This field may not be null.',
  blank: 'This field may not be blank.',
  string: 'Not a valid string.',
  nul: 'Null characters are not allowed.',
  surrogate: 'Surrogate characters are not allowed.',
  integer: 'A valid integer is required.',
  integerTooLong: 'String value too large.',
  number: 'A valid number is required.',
  boolean: 'Must be a valid boolean.',
  uuid: 'Must be a valid UUID.',
  email: 'Enter a valid email address.',
  uri: 'Enter a valid URL.',
  slug: 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.',
  ip: 'Enter a valid IPv4 or IPv6 address.',
  pattern: 'This value does not match the required pattern.',
  datetime:
    'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
  duration: 'Duration has wrong format. Use one of these formats instead: [DD] [HH:[MM:]]ss[.uuuuuu].',
  json: 'Value must be valid JSON.',
  dictionary: 'Value must be a dictionary, and not have any duplicate keys.',
  notAFile: 'The submitted data was not a file. Check the encoding type on the form.',
  base64: 'Must be valid base64.',
  filterNumber: 'Enter a number.',
  filterUuid: 'Enter a valid UUID.',
  filterDatetime: 'Enter a valid date/time.',
} as const;

/** A value that is not among the choices of a body field. */
export const notAChoice = (value: unknown): string => `"${asText(value)}" is not a valid choice.`;

/** A value that is not among the choices of a filter. */
export const notAFilterChoice = (value: unknown): string =>
  `Select a valid choice. ${asText(value)} is not one of the available choices.`;

/** A text that should be the UUID of a referenced object. */
export const notAReferenceUuid = (value: unknown): string => `“${asText(value)}” is not a valid UUID.`;

/** A value that should be the key of a referenced object and has another type. */
export const notAKey = (value: unknown): string => `Incorrect type. Expected pk value, received ${typeName(value)}.`;

/** A value where a list belongs. */
export const notAList = (value: unknown): string => `Expected a list of items but got type "${typeName(value)}".`;

/** A value where an object belongs. */
export const notAnObject = (value: unknown): string =>
  `Invalid data. Expected a dictionary, but got ${typeName(value)}.`;

const LIMITED: Readonly<Record<string, (limit: string) => string>> = {
  max_len: (limit) => `Ensure this field has no more than ${limit} characters.`,
  min_len: (limit) => `Ensure this field has at least ${limit} characters.`,
  len: (limit) => `Ensure this field has exactly ${limit} characters.`,
  max_bytes: (limit) => `Ensure this field has no more than ${limit} bytes.`,
  lte: (limit) => `Ensure this value is less than or equal to ${limit}.`,
  lt: (limit) => `Ensure this value is less than ${limit}.`,
  gte: (limit) => `Ensure this value is greater than or equal to ${limit}.`,
  gt: (limit) => `Ensure this value is greater than ${limit}.`,
  min_items: (limit) => `Ensure this field has at least ${limit} elements.`,
  max_items: (limit) => `Ensure this field has no more than ${limit} elements.`,
};

const PLAIN: Readonly<Record<string, string>> = {
  'string.uuid': texts.uuid,
  'string.email': texts.email,
  'string.uri': texts.uri,
  'string.uri_ref': texts.uri,
  'string.ip': texts.ip,
  required: texts.required,
};

// The patterns of slugs in protos all begin like this; anything else is an ordinary pattern.
const SLUG = /^\^\[[-\\A-Za-z0-9_]+\][+*]\$$/;

/**
 * The sentence for the id of a validation rule, such as `string.max_len` with the limit 80; undefined for an id that is
 * none of the standard rules, where the service's own description stands.
 */
export function textOfRule(rule: string, { value, limits = {} }: Facts): string | undefined {
  const [, kind = ''] = rule.split('.');
  const name = kind.replace(/_(lte|lt|exclusive)+$/, '');
  const limit = limits[name] ?? limits[kind] ?? Object.values(limits)[0];
  if (rule.startsWith('string.') && name === 'min_len' && (value === '' || limit === '1')) return texts.blank;
  if (kind.startsWith('in') && rule.endsWith('.in')) return notAChoice(value);
  if (rule.endsWith('_empty') || rule === 'string.uuid_empty') return texts.blank;
  if (rule === 'string.pattern') return limit && SLUG.test(limit) ? texts.slug : texts.pattern;
  const phrase = LIMITED[name];
  return PLAIN[rule] ?? (phrase && limit !== undefined ? phrase(limit) : undefined);
}

/** Name of a value's type as the contract's errors have it. */
function typeName(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as string] ?? 'str';
}

/** A value within a sentence, cut to a readable length. */
function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
