import { isJsonObject, type JsonObject, type JsonValue } from '../plans/index.ts';
import type { PolicyQuestion } from './policy.question.ts';

const SECRET = /api|token|key|secret|pass|signature|hash/i;
const MASK = '********************';
/** Levels that are told; what lies deeper is left out. */
const DEPTH = 6;

/** What a policy was asked, as the audit log may keep it: no secrets, and no more than is of use. */
export function presentable({ user, target, context, secrets = [] }: PolicyQuestion): JsonObject {
  return {
    user:
      user === undefined
        ? null
        : user.kind === 'account'
          ? { pk: user.pk, username: user.username }
          : { username: user.username },
    obj: target.replaceAll('-', ''),
    context: withoutSecrets(masked(context, secrets)),
  };
}

function masked(context: PolicyQuestion['context'], secrets: readonly string[]): PolicyQuestion['context'] {
  if (secrets.length === 0 || !isJsonObject(context.prompt_data)) return context;
  const told = Object.entries(context.prompt_data).map(([key, value]) => [key, secrets.includes(key) ? MASK : value]);
  return { ...context, prompt_data: Object.fromEntries(told) };
}

/** A context with what nobody may read masked. */
export function withoutSecrets(context: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(context).flatMap(([key, value]) => entryOf(key, value, DEPTH)));
}

function entryOf(key: string, value: unknown, depth: number): [string, JsonValue][] {
  if (value === undefined || depth === 0) return [];
  const isPlain = typeof value !== 'object' || value === null;
  return [[key, isPlain && SECRET.test(key) ? MASK : shown(value, depth)]];
}

function shown(value: unknown, depth: number): JsonValue {
  if (Array.isArray(value)) return value.map((item) => shown(item, depth - 1));
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => entryOf(key, one, depth - 1)));
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
}
