import { isJsonObject, type JsonValue, type PlanContext } from '../../plans/index.ts';
import type { AttributeChange, UserDraft, UserFields } from '../stage.ports.ts';
import { nestedChange } from './attributes.ts';
import { madeType } from './settings.ts';

const SOURCES = 'goauthentik.io/user/sources';

/** How a value of a prompt becomes a field of a user; undefined for a value that the field cannot have. */
const FIELDS: { readonly [Field in keyof UserFields]-?: (value: JsonValue) => UserFields[Field] } = {
  username: text,
  name: text,
  email: text,
  path: text,
  type: (value) => (typeof value === 'string' ? madeType(value) : undefined),
  is_active: (value) => (typeof value === 'boolean' ? value : undefined),
};

/**
 * What prompts collected, as changes of a user, key by key and in their order: `groups` is left out, `attributes` is merged, `attributes.a_b` is the attribute b
 * of a, what a user has is set, and everything else is nobody's. A password is no part of it: it travels as its hash.
 */
export function draftOf(
  { prompt_data = {}, source }: Pick<PlanContext, 'prompt_data' | 'source'>,
  groups: readonly string[],
): UserDraft {
  const attributes: AttributeChange[] = [];
  const fields: [string, unknown][] = [];
  for (const [key, value] of Object.entries(prompt_data)) {
    if (key === 'attributes') {
      if (isJsonObject(value)) attributes.push({ kind: 'merge', value });
    } else if (/^attributes[._]/.test(key)) {
      const change = nestedChange(key, value);
      if (change !== undefined) attributes.push(change);
    } else if (isField(key)) {
      fields.push([key, FIELDS[key](value)]);
    }
  }
  const name = source?.name;
  if (typeof name === 'string') attributes.push({ kind: 'append', key: SOURCES, value: name });
  return { fields: Object.fromEntries(fields.filter(([, value]) => value !== undefined)), attributes, groups };
}

function isField(key: string): key is keyof UserFields {
  return Object.hasOwn(FIELDS, key);
}

function text(value: JsonValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value).trim();
}
