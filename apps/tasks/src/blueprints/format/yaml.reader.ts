import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { BlueprintError } from './blueprint.error.ts';
import type { Tagged, TaggedMap } from './blueprint.ts';
import type { Limits } from './limits.ts';
import { childrenOf } from './tagged.ts';
import { isTagName, readTag } from './tags.ts';
import { readYaml, type YamlDocument } from './yaml.document.ts';
import { plainValue } from './yaml.scalars.ts';

/** What one conversion knows: what anchors stand for and how much they repeat, and how many values it has seen. */
type Reading = {
  readonly limits: Limits;
  readonly lineOf: YamlDocument['lineOf'];
  readonly anchors: Map<string, { readonly value: Tagged; readonly size: number }>;
  /** Levels below each value: an alias of an alias is deeper than the text that says so. */
  readonly heights: WeakMap<Tagged, number>;
  nodes: number;
};

/** Data of a YAML document, with lines and tags. Throws BlueprintError with a line. */
export function readTagged(text: string, limits: Limits): Tagged {
  const { root, lineOf } = readYaml(text, limits);
  return convert(root, { limits, lineOf, anchors: new Map(), heights: new WeakMap(), nodes: 0 }, 0);
}

function convert(node: unknown, reading: Reading, depth: number): Tagged {
  if (isAlias(node)) return repeated(node.source, reading, depth, reading.lineOf(node));
  const before = reading.nodes;
  count(reading, 1, depth);
  const value = convertNode(node, reading, depth);
  reading.heights.set(value, heightOf(value, reading));
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor) reading.anchors.set(anchor, { value, size: reading.nodes - before });
  return value;
}

function convertNode(node: unknown, reading: Reading, depth: number): Tagged {
  if (isScalar(node)) return tagged(node, scalar(node, reading), reading);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item, reading, depth + 1));
    return tagged(node, { kind: 'list', items, line: reading.lineOf(node) }, reading);
  }
  if (isMap(node)) return tagged(node, mapping(node, reading, depth), reading);
  return { kind: 'scalar', value: null, line: 1 };
}

/** Gives a value the tag that stands before it. */
function tagged(node: Node, value: Tagged, { lineOf }: Reading): Tagged {
  const { tag } = node;
  if (tag === undefined || tag === '!' || isPlainTag(tag, value)) return value;
  const name = tag.slice(1);
  if (isTagName(name)) return readTag(name, value, lineOf(node));
  throw new BlueprintError(`Unknown tag ${tag.slice(0, 80)}.`, { line: lineOf(node) });
}

const PLAIN_TAGS: Readonly<Record<string, Tagged['kind']>> = {
  'tag:yaml.org,2002:str': 'scalar',
  'tag:yaml.org,2002:int': 'scalar',
  'tag:yaml.org,2002:float': 'scalar',
  'tag:yaml.org,2002:bool': 'scalar',
  'tag:yaml.org,2002:null': 'scalar',
  'tag:yaml.org,2002:seq': 'list',
  'tag:yaml.org,2002:map': 'map',
};

function isPlainTag(tag: string, { kind }: Tagged): boolean {
  return PLAIN_TAGS[tag] === kind;
}

function scalar(node: Scalar, { lineOf }: Reading): Tagged {
  const text = String(node.value);
  const line = lineOf(node);
  if (text.includes('\0')) throw new BlueprintError('A text holds no NUL character.', { line });
  const { tag } = node;
  const plain = node.type === 'PLAIN' && (tag === undefined || (tag in PLAIN_TAGS && !tag.endsWith(':str')));
  if (!plain) return { kind: 'scalar', value: text, line };
  try {
    return { kind: 'scalar', value: plainValue(text), line };
  } catch (cause) {
    if (cause instanceof RangeError) throw new BlueprintError(`${cause.message}.`, { line });
    throw cause;
  }
}

function mapping(node: YAMLMap, reading: Reading, depth: number): TaggedMap {
  const fields = new Map<string, Tagged>();
  const merged: TaggedMap[] = [];
  for (const pair of node.items) {
    const key = keyOf(pair, reading);
    const value = convert(pair.value, reading, depth + 1);
    if (key === undefined) {
      merged.push(...mergedMaps(value));
      continue;
    }
    if (fields.has(key)) throw new BlueprintError(`Duplicate key ${quoted(key)}.`, { line: lineOfKey(pair, reading) });
    fields.set(key, value);
  }
  for (const { fields: given } of merged) {
    count(reading, given.size, depth);
    for (const [key, value] of given) if (!fields.has(key)) fields.set(key, value);
  }
  return { kind: 'map', fields, line: reading.lineOf(node) };
}

/** The name of a field; undefined for the merge key. */
function keyOf(pair: Pair, reading: Reading): string | undefined {
  const { key } = pair;
  const line = lineOfKey(pair, reading);
  if (!isScalar(key) || key.tag?.startsWith('!') || key.anchor) {
    throw new BlueprintError('The key of a field is a plain text.', { line });
  }
  if (key.type === 'PLAIN' && key.value === '<<') return undefined;
  const name = String(key.value);
  if (name === '__proto__' || name.includes('\0')) {
    throw new BlueprintError(`No field is called ${quoted(name)}.`, { line });
  }
  return name;
}

function lineOfKey({ key }: Pair, { lineOf }: Reading): number {
  return lineOf(isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? key : {});
}

/** The maps that a merge key brings in; of a list the first one counts most. */
function mergedMaps(value: Tagged): TaggedMap[] {
  const maps = value.kind === 'list' ? value.items : [value];
  return maps.map((map) => {
    if (map.kind === 'map') return map;
    throw new BlueprintError('The merge key << takes a map, or a list of maps.', { line: value.line });
  });
}

/** What an alias stands for. Its values count again each time: a few aliases of aliases can stand for billions. */
function repeated(name: string, reading: Reading, depth: number, line: number): Tagged {
  const anchor = reading.anchors.get(name);
  if (!anchor) throw new BlueprintError(`The alias *${name.slice(0, 80)} names no anchor before it.`, { line });
  count(reading, anchor.size, depth + (reading.heights.get(anchor.value) ?? 0));
  return anchor.value;
}

function heightOf(value: Tagged, { heights }: Reading): number {
  const below = childrenOf(value).map((child) => 1 + (heights.get(child) ?? 0));
  return below.reduce((highest, height) => Math.max(highest, height), 0);
}

function count(reading: Reading, nodes: number, depth: number): void {
  reading.nodes += nodes;
  if (reading.nodes > reading.limits.nodes) {
    throw new BlueprintError(`A blueprint has no more than ${reading.limits.nodes} values.`);
  }
  if (depth > reading.limits.depth)
    throw new BlueprintError(`A blueprint has no more than ${reading.limits.depth} levels.`);
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
}
