import { Document, Pair, Scalar, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml';
import type { Blueprint, BlueprintMetadata, Entry, Tagged } from './blueprint.ts';
import { tagged, taggedMap } from './tagged.ts';
import { plainValue } from './yaml.scalars.ts';

/**
 * A blueprint as text. The same blueprint gives the same bytes: fields of maps are sorted, what is empty or has its default is left out, entries keep their
 * order. Reading the text gives the blueprint back.
 */
export function printBlueprint({ metadata, context, entries }: Blueprint): string {
  const root = new YAMLMap();
  put(root, 'version', nodeOf(tagged(1)));
  if (metadata) put(root, 'metadata', nodeOf(metadataOf(metadata)));
  if (!isEmpty(context)) put(root, 'context', nodeOf(context));
  const list = new YAMLSeq();
  list.items = entries.map(entryNode);
  if (entries.length === 0) list.flow = true;
  put(root, 'entries', list);
  const document = new Document(root, { schema: 'core', customTags: (tags) => [NUMBER, ...tags] });
  return document.toString({ lineWidth: 0, indentSeq: false, nullStr: 'null', trueStr: 'true', falseStr: 'false' });
}

/** YAML 1.1 takes `1e-7` and whole numbers beyond the safe ones for something else: these are written out. */
const NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number',
  // It reads nothing; without a test the library prefers its own tags.
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }) => numberText(Number(value)),
};

function numberText(value: number): string {
  const [, sign = '', whole = '', part = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? [];
  const isPlain = power === '0' && (part !== '' || Number.isSafeInteger(value));
  if (isPlain) return String(value);
  const digits = whole + part;
  const point = whole.length + Number(power);
  const before = digits.slice(0, Math.max(0, point)).padEnd(point, '0');
  const after = '0'.repeat(Math.max(0, -point)) + digits.slice(Math.max(0, point));
  return `${sign}${before || '0'}.${after || '0'}`;
}

function metadataOf({ name, labels }: BlueprintMetadata): Tagged {
  return Object.keys(labels).length === 0 ? taggedMap({ name }) : taggedMap({ labels, name });
}

function entryNode({ model, state, id, conditions, identifiers, attrs }: Entry): YAMLMap {
  const node = new YAMLMap();
  put(node, 'model', nodeOf(model));
  if (id !== undefined) put(node, 'id', nodeOf(tagged(id)));
  if (state.kind !== 'scalar' || state.value !== 'present') put(node, 'state', nodeOf(state));
  if (conditions.length > 0) put(node, 'conditions', nodeOf({ kind: 'list', items: conditions, line: 0 }));
  put(node, 'identifiers', nodeOf(identifiers));
  if (!isEmpty(attrs)) put(node, 'attrs', nodeOf(attrs));
  return node;
}

function put(map: YAMLMap, key: string, value: Scalar | YAMLMap | YAMLSeq): void {
  map.items.push(new Pair(textNode(key), value));
}

function isEmpty(value: Tagged): boolean {
  return value.kind === 'map' && value.fields.size === 0;
}

function nodeOf(value: Tagged): Scalar | YAMLMap | YAMLSeq {
  if (value.kind === 'scalar') return typeof value.value === 'string' ? textNode(value.value) : new Scalar(value.value);
  if (value.kind === 'list') return listNode(value.items);
  if (value.kind === 'map') return mapNode(value.fields);
  return tagNode(value);
}

function listNode(items: readonly Tagged[]): YAMLSeq {
  const node = new YAMLSeq();
  node.items = items.map(nodeOf);
  node.flow = items.length === 0;
  return node;
}

function mapNode(fields: ReadonlyMap<string, Tagged>): YAMLMap {
  const node = new YAMLMap();
  const names = [...fields.keys()].sort();
  for (const name of names) put(node, name, nodeOf(fields.get(name) ?? tagged(null)));
  node.flow = names.length === 0;
  return node;
}

/** A tag with one text stands alone (`!KeyOf x`), any other takes a list on the same line. */
function tagNode({ tag, args }: Extract<Tagged, { kind: 'tag' }>): Scalar | YAMLSeq {
  const [only] = args;
  if (
    args.length === 1 &&
    only?.kind === 'scalar' &&
    only.value !== '' &&
    typeof only.value === 'string' &&
    ALONE.has(tag)
  ) {
    const node = textNode(only.value);
    node.tag = `!${tag}`;
    return node;
  }
  const node = listNode(args);
  node.flow = true;
  node.tag = `!${tag}`;
  return node;
}

const ALONE: ReadonlySet<string> = new Set(['KeyOf', 'Context', 'Env', 'File']);

/** Text as it reads back: quoted where it would be something else unquoted, over several lines where it has some. */
function textNode(text: string): Scalar<string> {
  const node = new Scalar(text);
  if (!readsBack(text)) node.type = Scalar.QUOTE_DOUBLE;
  else if (/\n/.test(text) && !/[^\S\n]\n|^\s|\r|\n\n$/.test(text)) node.type = Scalar.BLOCK_LITERAL;
  return node;
}

function readsBack(text: string): boolean {
  if (text === '<<' || UNSAFE.test(text)) return false;
  try {
    return plainValue(text) === text;
  } catch {
    return false;
  }
}

/** What an unquoted or block scalar cannot show, or some reader would take for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones to quote.
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]|^\s|[^\S\n]$/;
