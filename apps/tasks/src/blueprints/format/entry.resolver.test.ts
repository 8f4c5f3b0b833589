import { describe, expect, it } from 'vitest';
import {
  BlueprintError,
  contextOf,
  type Json,
  type JsonObject,
  parseBlueprint,
  resolveEntry,
  type Scope,
} from './index.ts';

/** A scope that knows one entry, one object, one variable and one file. */
const scope: Omit<Scope, 'context'> = {
  env: (name) => ({ POSTERN_BLUEPRINT_COLOUR: 'red', POSTERN_BLUEPRINT_EMPTY: '' })[name],
  file: async (path) => {
    if (path === 'motto.txt') return 'Festina lente';
    throw new BlueprintError('There is no such file.');
  },
  keyOf: (id) => (id === 'flow' ? 'pk-of-flow' : undefined),
  find: async (model, conditions) => (conditions.some(([, value]) => value === 'staff') ? `${model}:1` : null),
};

/** What `attrs: {x: ...}` becomes. */
async function evaluate(yaml: string, context = '{}', overrides: JsonObject = {}): Promise<Json | undefined> {
  const blueprint = parseBlueprint(`context: ${context}\nentries:\n- model: a.b\n  attrs:\n    x: ${yaml}\n`);
  const [entry] = blueprint.entries;
  if (!entry) throw new Error('no entry');
  const resolved = await resolveEntry(entry, { ...scope, context: contextOf(blueprint, overrides) });
  return resolved.conditions ? resolved.attrs.x : undefined;
}

async function faultOf(yaml: string, context?: string) {
  return evaluate(yaml, context).then(
    (value) => Promise.reject(new Error(`evaluated to ${JSON.stringify(value)}`)),
    (error: BlueprintError) => ({ message: error.message, at: error.describe() }),
  );
}

describe('tags', () => {
  it.each<[string, Json]>([
    ['!KeyOf flow', 'pk-of-flow'],
    ['!Find [Authentik_Core.Group, [name, staff]]', 'authentik_core.group:1'],
    ['!Find [authentik_core.group, [name, !Format ["%s", nobody]]]', null],
    ['!Env POSTERN_BLUEPRINT_COLOUR', 'red'],
    ['!Env [POSTERN_BLUEPRINT_EMPTY, blue]', 'blue'],
    ['!Env HOME', null],
    ['!File motto.txt', 'Festina lente'],
    ['!File [none.txt, silence]', 'silence'],
    ['!Format ["%s-%05d-%.2f-%x-%r-%%", a, 42, 1.005, 255, it]', "a-00042-1.00-ff-'it'-%"],
    ['!Format ["%(who)s is %(age)d", {who: Ada, age: 36}]', 'Ada is 36'],
    ['!Format ["%-4s|%4s|%+d|%s", a, b, 3, [1, true, null, x]]', "a   |   b|+3|[1, True, None, 'x']"],
    ['!Format ["%s", !KeyOf flow]', 'pk-of-flow'],
    ['!If [yes]', true],
    ['!If [[], 1, 2]', 2],
    ['!If [!Condition [and, 1, a], {a: !KeyOf flow}, !KeyOf unknown]', { a: 'pk-of-flow' }],
    ['!Condition [AND, 1, ""]', false],
    ['!Condition [nand, 1, ""]', true],
    ['!Condition [OR, 0, {}]', false],
    ['!Condition [NOR, 0, {}]', true],
    ['!Condition [XOR, 1, 1, 1]', true],
    ['!Condition [XNOR, 1, 1, 1]', false],
    ['!Condition [AND, "0", " "]', true],
    ['!Enumerate [[a, b], SEQ, !Format ["%d%s", !Index 0, !Value 0]]', ['0a', '1b']],
    ['!Enumerate [{k: v}, MAP, [!Value 0, !Index 0]]', { v: 'k' }],
    ['!Enumerate [ab, seq, !Value 0]', ['a', 'b']],
    ['!Enumerate [[1, 2], MAP, {all: [!Value 0], deep: {a: !Value 0}}]', { all: [1, 2], deep: { a: 2 } }],
    [
      '!Enumerate [[a, b], SEQ, !Enumerate [!Format ["%s%s", !Value 0, !Index 0], SEQ, [!Value 1, !Value 0]]]',
      [
        [
          ['a', 'a'],
          ['a', '0'],
        ],
        [
          ['b', 'b'],
          ['b', '1'],
        ],
      ],
    ],
    ['!Enumerate [[], MAP, [!Value 0, 1]]', {}],
  ])('%s is %j', async (yaml, value) => {
    expect(await evaluate(yaml)).toEqual(value);
  });

  it('read a context of which an instance overrides parts', async () => {
    const context = '{a: {b: 1, c: 2}, list: [1], lazy: !KeyOf flow}';
    const overrides = { a: { b: 3 }, list: [2] };
    expect(await evaluate('[!Context a, !Context list, !Context lazy]', context, overrides)).toEqual([
      { b: 3, c: 2 },
      [1, 2],
      'pk-of-flow',
    ]);
    expect(await evaluate('[!Context [none, 7], !Context none]', context)).toEqual([7, null]);
  });

  it.each([
    ['!KeyOf nobody', 'KeyOf: failed to find entry with `id` of `nobody` and a model instance'],
    ['!Format ["%d", a]', 'Format: %d format: a real number is required, not str'],
    ['!Format ["%s"]', 'Format: not enough arguments for format string'],
    ['!Format ["a", 1]', 'Format: not all arguments converted during string formatting'],
    ['!Format ["%y", 1]', "Format: unsupported format character 'y' (0x79) at index 1"],
    ['!Format ["%999999999d", 1]', 'Format: width and precision are at most 1000'],
    ['!Condition [SOME, 1]', "Condition: 'SOME' is not a mode"],
    ['!Enumerate [3, SEQ, 1]', "Enumerate's iterable must be an iterable such as a sequence or a mapping"],
    ['!Enumerate [[1], BAG, 1]', "Enumerate: the output is SEQ or MAP, not 'BAG'"],
    ['!Enumerate [[1], MAP, 1]', 'Enumerate: the body of a MAP is [key, value] or a map'],
    ['!Index 0', 'Index tags are only usable inside an Enumerate tag'],
    ['!Enumerate [[1], SEQ, !Value 1]', 'Value: invalid depth 1, there are 1 Enumerate tags around it'],
    ['!Find [[a], [b, c]]', "Find: ['a'] is not a text"],
    ['!File none.txt', 'There is no such file.'],
  ])('%s is refused', async (yaml, message) => {
    expect(await faultOf(yaml)).toEqual({ message, at: `entry 0, attrs.x, line 5: ${message}` });
  });

  it('that go round in circles, or make too much, come to an end', async () => {
    expect(await faultOf('!Context a', '{a: !Context b, b: [!Context a]}')).toMatchObject({
      message: 'Tags that refer to each other never end.',
    });
    const hundred = `[${Array.from({ length: 100 }, (_, index) => index).join(', ')}]`;
    const nested = ['!Value 0', ...Array.from({ length: 5 })].reduce<string>(
      (body) => `!Enumerate [!Context many, SEQ, ${body}]`,
      '!Value 0',
    );
    const started = performance.now();
    expect(await faultOf(nested, `{many: ${hundred}}`)).toMatchObject({
      message: 'The tags of an entry make no more than 100000 values.',
    });
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 60_000);
});

describe('an entry', () => {
  const resolve = async (yaml: string) => {
    const blueprint = parseBlueprint(`entries:\n- ${yaml}`);
    const [entry] = blueprint.entries;
    if (!entry) throw new Error('no entry');
    return resolveEntry(entry, { ...scope, context: contextOf(blueprint, {}) });
  };

  it('takes tags everywhere', async () => {
    expect(
      await resolve(
        '{model: !Format ["A.%s", b], state: !If [1, absent, present], id: z, identifiers: !Enumerate [[n], MAP, [!Value 0, 1]]}',
      ),
    ).toEqual({
      index: 0,
      line: 2,
      id: 'z',
      conditions: true,
      model: 'a.b',
      state: 'absent',
      identifiers: { n: 1 },
      attrs: {},
    });
  });

  it('stays unread where a condition does not hold', async () => {
    expect(await resolve('{model: a.b, conditions: [yes, !Context no], attrs: {x: !KeyOf nobody}}')).toEqual({
      index: 0,
      line: 2,
      conditions: false,
    });
  });

  it.each([
    ['{model: group}', "'group' is not a model", 'model'],
    ['{model: a.b, state: gone}', "'gone' is not a state: present, created, must_created, absent", 'state'],
    ['{model: a.b, attrs: !Context x}', 'None is not a map', 'attrs'],
  ])('%s is refused', async (yaml, message, field) => {
    await expect(resolve(yaml)).rejects.toMatchObject({ message, field, entry: 0, line: 2 });
  });
});
