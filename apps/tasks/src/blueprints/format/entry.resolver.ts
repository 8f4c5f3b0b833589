import { BlueprintError } from './blueprint.error.ts';
import { ENTRY_STATES, type Entry, type EntryState, type ResolvedEntry, type Scope, type Tagged } from './blueprint.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { isTruthy, repr } from './python.values.ts';
import { createResolver, type Resolver } from './resolver.ts';

/**
 * Evaluates the tags of an entry. Where a condition does not hold, the rest stays unread: it may refer to what was skipped for the same reason. Throws
 * BlueprintError with entry, field and line.
 */
export async function resolveEntry(entry: Entry, scope: Scope): Promise<ResolvedEntry> {
  const resolver = createResolver(entry, scope);
  const { index, line, id } = entry;
  const base = { index, line, ...(id !== undefined && { id }) };
  try {
    if (!(await conditionsHold(entry, resolver))) return { ...base, conditions: false };
    return {
      ...base,
      conditions: true,
      model: await modelOf(entry.model, resolver),
      state: await stateOf(entry.state, resolver),
      identifiers: await objectOf(entry.identifiers, 'identifiers', resolver),
      attrs: await objectOf(entry.attrs, 'attrs', resolver),
    };
  } catch (cause) {
    // What has no place yet exceeded a limit of the whole entry.
    if (cause instanceof BlueprintError) throw cause.at({ entry: index, line });
    throw cause;
  }
}

async function conditionsHold({ conditions }: Entry, { resolve }: Resolver): Promise<boolean> {
  for (const [place, condition] of conditions.entries()) {
    if (!isTruthy(await resolve(condition, ['conditions', String(place)], []))) return false;
  }
  return true;
}

async function modelOf(value: Tagged, { resolve }: Resolver): Promise<string> {
  const model = await resolve(value, ['model'], []);
  if (typeof model === 'string' && /^[a-z0-9_]{1,100}\.[a-z0-9_]{1,100}$/i.test(model)) return model.toLowerCase();
  throw new BlueprintError(`${shown(model)} is not a model`, { field: 'model', line: value.line });
}

async function stateOf(value: Tagged, { resolve }: Resolver): Promise<EntryState> {
  const given = await resolve(value, ['state'], []);
  const state = ENTRY_STATES.find((known) => known === given);
  if (state) return state;
  throw new BlueprintError(`${shown(given)} is not a state: ${ENTRY_STATES.join(', ')}`, {
    field: 'state',
    line: value.line,
  });
}

async function objectOf(value: Tagged, field: string, { resolve }: Resolver): Promise<JsonObject> {
  const given = await resolve(value, [field], []);
  if (isJsonObject(given)) return given;
  throw new BlueprintError(`${shown(given)} is not a map`, { field, line: value.line });
}

function shown(value: Json): string {
  return repr(value).slice(0, 80);
}
