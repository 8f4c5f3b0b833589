import { BlueprintError } from './blueprint.error.ts';
import type { Blueprint, BlueprintMetadata, Entry, Tagged, TaggedMap } from './blueprint.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { readTagged } from './yaml.reader.ts';

const NOTHING: TaggedMap = { kind: 'map', fields: new Map(), line: 0 };
const PRESENT: Tagged = { kind: 'scalar', value: 'present', line: 0 };

/**
 * Reads a blueprint. Fields that the format does not know are ignored, as they are where the format comes from: they hold anchors and remarks. Throws
 * BlueprintError with entry, field and line.
 */
export function parseBlueprint(text: string, limits: Limits = DEFAULT_LIMITS): Blueprint {
  const root = mapOf(readTagged(text, limits), 'A blueprint is a map with version and entries.');
  requireVersion(root.fields.get('version'));
  const metadata = metadataOf(root.fields.get('metadata'));
  const context = given(root.fields.get('context'));
  return {
    version: 1,
    ...(metadata && { metadata }),
    context: context ? mapOf(context, 'The context is a map.', { field: 'context' }) : NOTHING,
    entries: entriesOf(given(root.fields.get('entries')), limits),
  };
}

function requireVersion(version: Tagged | undefined): void {
  if (version === undefined || (version.kind === 'scalar' && version.value === 1)) return;
  throw new BlueprintError('Invalid blueprint version', { field: 'version', line: version.line });
}

function metadataOf(given: Tagged | undefined): BlueprintMetadata | undefined {
  if (!given || isNull(given)) return undefined;
  const { fields, line } = mapOf(given, 'The metadata is a map with name and labels.', { field: 'metadata' });
  const name = textOf(fields.get('name'));
  if (!name) throw new BlueprintError('This field is required.', { field: 'metadata.name', line });
  return { name, labels: labelsOf(fields.get('labels')) };
}

function labelsOf(given: Tagged | undefined): Record<string, string> {
  if (!given || isNull(given)) return {};
  const { fields } = mapOf(given, 'Labels are a map of texts.', { field: 'metadata.labels' });
  return Object.fromEntries(
    [...fields].map(([key, value]) => {
      const text = textOf(value);
      if (text !== undefined) return [key, text];
      throw new BlueprintError('Not a valid string.', { field: `metadata.labels.${key}`, line: value.line });
    }),
  );
}

function entriesOf(given: Tagged | undefined, limits: Limits): Entry[] {
  if (!given) return [];
  const place = { field: 'entries', line: given.line };
  if (given.kind !== 'list') throw new BlueprintError('Entries are a list.', place);
  if (given.items.length > limits.entries) {
    throw new BlueprintError(`A blueprint has no more than ${limits.entries} entries.`, place);
  }
  return given.items.map(entryOf);
}

function entryOf(given: Tagged, index: number): Entry {
  const { fields, line } = mapOf(given, 'An entry is a map with model, identifiers and attrs.', { entry: index });
  const place = { entry: index, line };
  const model = fields.get('model');
  if (!model || isNull(model)) throw new BlueprintError('This field is required.', { ...place, field: 'model' });
  requireText(model, 'model', index);
  const state = fields.get('state') ?? PRESENT;
  requireText(state, 'state', index);
  const id = idOf(fields.get('id'), index);
  return {
    index,
    line,
    model,
    state,
    conditions: conditionsOf(fields.get('conditions'), index),
    identifiers: objectOf(fields.get('identifiers'), 'identifiers', index),
    attrs: objectOf(fields.get('attrs'), 'attrs', index),
    ...(id !== undefined && { id }),
  };
}

function requireText(value: Tagged, field: string, entry: number): void {
  if (value.kind === 'tag' || (value.kind === 'scalar' && typeof value.value === 'string')) return;
  throw new BlueprintError('Not a valid string.', { entry, field, line: value.line });
}

function idOf(given: Tagged | undefined, entry: number): string | undefined {
  if (!given || isNull(given)) return undefined;
  const id = textOf(given);
  if (id === undefined) throw new BlueprintError('Not a valid string.', { entry, field: 'id', line: given.line });
  return id;
}

function conditionsOf(given: Tagged | undefined, entry: number): readonly Tagged[] {
  if (!given || isNull(given)) return [];
  if (given.kind === 'list') return given.items;
  throw new BlueprintError('Conditions are a list.', { entry, field: 'conditions', line: given.line });
}

function objectOf(given: Tagged | undefined, field: string, entry: number): Tagged {
  if (!given || isNull(given)) return NOTHING;
  return given.kind === 'tag' ? given : mapOf(given, 'Not a map.', { entry, field });
}

function mapOf(value: Tagged, message: string, place: { entry?: number; field?: string } = {}): TaggedMap {
  if (value.kind === 'map') return value;
  throw new BlueprintError(message, { ...place, line: value.line });
}

function given(value: Tagged | undefined): Tagged | undefined {
  return value && isNull(value) ? undefined : value;
}

function isNull(value: Tagged): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** Text, also of a number or truth value; undefined for anything else. */
function textOf(value: Tagged | undefined): string | undefined {
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
}
