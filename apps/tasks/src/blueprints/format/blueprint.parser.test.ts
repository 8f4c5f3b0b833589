import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlueprintError, parseBlueprint } from './index.ts';

/** The fault of a text: its message and place. */
function faultOf(text: string): { message: string; entry?: number; field?: string; line?: number } {
  try {
    parseBlueprint(text);
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    const { message, entry, field, line } = error;
    return JSON.parse(JSON.stringify({ message, entry, field, line }));
  }
  throw new Error('the text is a blueprint');
}

const entry = (yaml: string) =>
  `version: 1\nentries:\n- model: authentik_core.group\n  ${yaml.replaceAll('\n', '\n  ')}\n`;

describe('a blueprint', () => {
  it('is read with its metadata, defaults and tags', () => {
    const blueprint = parseBlueprint(`version: 1
metadata:
  name: A house
  labels: { blueprints.goauthentik.io/instantiate: "false", rooms: 3 }
context:
  colour: red
entries:
- model: authentik_core.group
  id: staff
  identifiers:
    name: staff
  attrs:
    parent: !KeyOf everyone
`);
    expect(blueprint.metadata).toEqual({
      name: 'A house',
      labels: { 'blueprints.goauthentik.io/instantiate': 'false', rooms: '3' },
    });
    const [staff] = blueprint.entries;
    expect(staff).toMatchObject({ index: 0, line: 8, id: 'staff', state: { value: 'present' }, conditions: [] });
    expect(staff?.attrs).toMatchObject({ kind: 'map', line: 13 });
    expect(staff?.attrs.kind === 'map' && staff.attrs.fields.get('parent')).toEqual({
      kind: 'tag',
      tag: 'KeyOf',
      args: [{ kind: 'scalar', value: 'everyone', line: 13 }],
      line: 13,
    });
  });

  it('has version 1, also when it does not say so', () => {
    expect(faultOf('version: 3\nentries: []')).toEqual({
      message: 'Invalid blueprint version',
      field: 'version',
      line: 1,
    });
    expect(faultOf('version: "1"')).toMatchObject({ message: 'Invalid blueprint version' });
    expect(parseBlueprint('entries: []')).toMatchObject({ version: 1, entries: [] });
  });

  it('reads unquoted words and numbers as YAML 1.1 does', () => {
    const [group] = parseBlueprint(
      entry(
        'attrs: {a: yes, b: Off, c: 010, d: 0x1f, e: 1e3, f: 1.5, g: ~, h: 2024-01-01, i: "no", j: 1_000, k: -0, l: y}',
      ),
    ).entries;
    const values = group?.attrs.kind === 'map' ? [...group.attrs.fields.values()] : [];
    expect(values.map((value) => value.kind === 'scalar' && value.value)).toEqual([
      true,
      false,
      8,
      31,
      '1e3',
      1.5,
      null,
      '2024-01-01',
      'no',
      1000,
      0,
      'y',
    ]);
  });

  it('repeats what an anchor names and merges maps', () => {
    const [first] = parseBlueprint(
      `x: &base {a: 1, b: {c: 2}}\nentries:\n- {model: a.b, attrs: {<<: *base, a: 3, d: *base}}`,
    ).entries;
    expect(first?.attrs).toMatchObject({ kind: 'map' });
    const fields = first?.attrs.kind === 'map' ? first.attrs.fields : new Map();
    expect(fields.get('a')).toMatchObject({ value: 3 });
    expect([...fields.keys()].sort()).toEqual(['a', 'b', 'd']);
  });
});

describe('what is no blueprint is refused with its place', () => {
  it.each([
    ['', 'A blueprint is a map with version and entries.', 1],
    ['- a', 'A blueprint is a map with version and entries.', 1],
    ['just words', 'A blueprint is a map with version and entries.', 1],
    ['version: 1\nversion: 1', 'Duplicate key "version".', 2],
    ['version: 1\n---\nversion: 1', 'A blueprint is one YAML document.', 2],
    ['version: 1\nentries:\n- *nothing', 'The alias *nothing names no anchor before it.', 3],
    ['version: 1\nentries: &a [*a]', 'The alias *a names no anchor before it.', 2],
    ['version: 1\nx:\n  <<: 3', 'The merge key << takes a map, or a list of maps.', 3],
    ['version: 1\n? [a]\n: b', 'The key of a field is a plain text.', 2],
    ['version: 1\n__proto__: {}', 'No field is called "__proto__".', 2],
    ['version: 1\nx: !Else y', 'Unknown tag !Else.', 2],
    ['version: 1\nx: !!js/function y', 'Unknown tag tag:yaml.org,2002:js/function.', 2],
    ['version: 1\nx: 99999999999999999999', '99999999999999999999 is too large a number.', 2],
    ['version: 1\nx: .inf', '.inf is not a number that can be stored.', 2],
    ['version: 1\nx: "\\0"', 'A text holds no NUL character.', 2],
    ['version: 1\nx: "a', 'Missing closing "quote.', 2],
    ['version: 1\nentries: {}', 'Entries are a list.', 2],
    ['version: 1\nmetadata: {labels: {}}', 'This field is required.', 2],
    ['version: 1\nx: !Find [a]', '!Find is used as !Find [model, [field, value], ...].', 2],
    ['version: 1\nx: !If [a, b]', '!If is used as !If [condition] or !If [condition, when_true, when_false].', 2],
  ])('%j', (text, message, line) => {
    expect(faultOf(text)).toMatchObject({ message, line });
  });

  it.each([
    ['version: 1\nentries:\n- 3', { entry: 0, line: 3 }],
    ['version: 1\nentries:\n- {identifiers: {}}', { entry: 0, field: 'model', line: 3 }],
    [entry('attrs: 3'), { entry: 0, field: 'attrs', line: 4 }],
    [entry('conditions: yes'), { entry: 0, field: 'conditions', line: 4 }],
    [entry('state: 3'), { entry: 0, field: 'state', line: 4 }],
    [entry('id: [a]'), { entry: 0, field: 'id', line: 4 }],
  ])('%j', (text, place) => {
    expect(faultOf(text)).toMatchObject(place);
  });
});

it('reads every blueprint that comes with the product', () => {
  const folder = join(import.meta.dirname, '../../../../../blueprints');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expect(parseBlueprint(readFileSync(join(folder, file), 'utf8')).metadata).toBeDefined();
});

it('reads the example of the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/blueprints.md'), 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  expect(parseBlueprint(example).entries).toHaveLength(3);
});
