import { isJsonObject, type JsonObject, type JsonValue, type PlanContext } from '../plans/index.ts';

/** Names under which a secret may lie. */
const SECRET = /api|token|key|secret|pass(?!ing)|signature|hash|code|answer/i;
const MASK = '*'.repeat(20);

/** The context of a plan for whoever builds flows: what lies under the name of a secret is masked, however deep. */
export function maskedContext(context: PlanContext): JsonObject {
  const plain: JsonObject = JSON.parse(JSON.stringify(context));
  return masked(plain);
}

function masked(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shown(key, value)]));
}

function shown(key: string, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((one) => shown(key, one));
  if (isJsonObject(value)) return masked(value);
  const isEmpty = value === null || value === '' || typeof value === 'boolean';
  return SECRET.test(key) && !isEmpty ? MASK : value;
}
