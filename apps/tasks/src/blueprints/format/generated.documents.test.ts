import { describe, expect, it } from 'vitest';
import {
  type Blueprint,
  BlueprintError,
  contextOf,
  parseBlueprint,
  printBlueprint,
  resolveEntry,
  type Tagged,
} from './index.ts';

/** Numbers that look random and are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = ReturnType<typeof numbers>;

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error('nothing to pick');
  return choice;
}

const TEXTS = [
  '',
  'yes',
  'null',
  '~',
  '010',
  '1e3',
  '1.5',
  '-',
  '- a',
  'a: b',
  'a #b',
  '#b',
  ' a',
  'a ',
  'two\nlines',
  'ends\n',
  'ends\n\n',
  '\n',
  '\tx',
  '"q"',
  "it's",
  '!KeyOf x',
  '&a',
  '*a',
  '%s',
  '{}',
  '[x]',
  '<<',
  '=',
  'ä€😀',
  '\u2028',
  '\u0007',
  '---',
  '...',
  '? x',
  'a:',
  ': a',
  '| x',
  '> y',
  'y',
  'n',
  '12:30:45',
  '2024-01-01',
  '0x1f',
  '.inf',
  '1_000',
  'a\n  b\n c',
  '\ufeffx',
  'a\r\nb',
  'x'.repeat(300),
]; // prettier-ignore

function value(random: Random, depth = 0): Tagged {
  const kind = depth > 3 ? 'text' : pick(random, ['text', 'text', 'number', 'word', 'list', 'map', 'tag']);
  const several = () => Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1));
  if (kind === 'number')
    return { kind: 'scalar', value: Math.floor(random() * 1e6) / pick(random, [1, 100, -1]), line: 0 };
  if (kind === 'word') return { kind: 'scalar', value: pick(random, [true, false, null]), line: 0 };
  if (kind === 'list') return { kind: 'list', items: several(), line: 0 };
  if (kind === 'map') {
    return { kind: 'map', fields: new Map(several().map((item) => [pick(random, TEXTS), item])), line: 0 };
  }
  if (kind === 'tag') return aTag(random, depth + 1);
  return { kind: 'scalar', value: pick(random, TEXTS), line: 0 };
}

function aTag(random: Random, depth: number): Tagged {
  const text: Tagged = { kind: 'scalar', value: pick(random, TEXTS), line: 0 };
  const pair: Tagged = { kind: 'list', items: [text, value(random, depth)], line: 0 };
  return pick<Tagged>(random, [
    { kind: 'tag', tag: 'KeyOf', args: [text], line: 0 },
    { kind: 'tag', tag: 'Context', args: [text, value(random, depth)], line: 0 },
    { kind: 'tag', tag: 'Env', args: [text], line: 0 },
    { kind: 'tag', tag: 'Find', args: [text, pair], line: 0 },
    { kind: 'tag', tag: 'Format', args: [text, value(random, depth)], line: 0 },
    { kind: 'tag', tag: 'If', args: [value(random, depth)], line: 0 },
    { kind: 'tag', tag: 'Enumerate', args: [value(random, depth), text, value(random, depth)], line: 0 },
    { kind: 'tag', tag: 'Value', args: [{ kind: 'scalar', value: 0, line: 0 }], line: 0 },
  ]);
}

function map(random: Random): Tagged {
  return { kind: 'map', fields: new Map([[pick(random, TEXTS), value(random)]]), line: 0 };
}

function blueprint(seed: number): Blueprint {
  const random = numbers(seed);
  return {
    version: 1,
    ...(random() < 0.5 && { metadata: { name: 'generated', labels: { [pick(random, TEXTS)]: pick(random, TEXTS) } } }),
    context: map(random),
    entries: Array.from({ length: Math.floor(random() * 4) }, (_, index) => ({
      index,
      line: 0,
      model: { kind: 'scalar', value: 'authentik_core.group', line: 0 },
      state: { kind: 'scalar', value: pick(random, ['present', 'absent']), line: 0 },
      conditions: random() < 0.3 ? [value(random)] : [],
      identifiers: map(random),
      attrs: map(random),
      ...(random() < 0.5 && { id: `id-${pick(random, TEXTS)}` }),
    })),
  };
}

/** Without lines, and with maps as lists of sorted pairs: what two blueprints have in common when they mean the same. */
function meaning(given: unknown): unknown {
  if (given instanceof Map) {
    return [...given].map(([key, inner]) => [key, meaning(inner)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  }
  if (Array.isArray(given)) return given.map(meaning);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given)
      .filter(([key]) => key !== 'line')
      .map(([key, inner]) => [key, meaning(inner)]),
  );
}

const scope = {
  env: () => undefined,
  file: async () => 'text',
  keyOf: () => 'key',
  find: async () => null,
};

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

describe('generated blueprints', () => {
  it('read back as they were printed, and print to the same bytes', () => {
    for (const seed of SEEDS) {
      const original = blueprint(seed);
      const text = printBlueprint(original);
      const again = parseBlueprint(text);
      expect(meaning(again), `seed ${seed}\n${text}`).toEqual(meaning(original));
      expect(printBlueprint(again), `seed ${seed}`).toBe(text);
    }
  });

  it('are evaluated, or refused with a reason', async () => {
    for (const seed of SEEDS) {
      const parsed = blueprint(seed);
      for (const entry of parsed.entries) {
        const outcome = resolveEntry(entry, { ...scope, context: contextOf(parsed, {}) });
        await outcome.catch((error) => expect(error, `seed ${seed}`).toBeInstanceOf(BlueprintError));
      }
    }
  });

  it('that somebody mangled are read, or refused with a reason', () => {
    for (const seed of SEEDS) {
      const random = numbers(seed);
      const text = printBlueprint(blueprint(seed));
      const at = Math.floor(random() * text.length);
      const noise = pick(random, [
        '\t',
        '[',
        '{',
        '"',
        "'",
        ': ',
        '\n',
        '- ',
        '!',
        '&a ',
        '*a',
        '\0',
        '\ud800',
        '%',
        '|',
        '<<: ',
      ]);
      const mangled = text.slice(0, at) + noise + text.slice(at + Math.floor(random() * 5));
      expect(() => tryParse(mangled), `seed ${seed}`).not.toThrow();
    }
  });
});

function tryParse(text: string): void {
  try {
    parseBlueprint(text);
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
  }
}

describe('what is too much is refused quickly', () => {
  const bomb = (levels: number, width: number) =>
    [
      'a0: &a0 [x, x]',
      ...Array.from(
        { length: levels },
        (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(width)}]`,
      ),
    ].join('\n');

  it.each([
    ['aliases of aliases', bomb(30, 10), /no more than 100000 values/],
    ['deep aliases', bomb(60, 1), /no more than 50 levels/],
    [
      'merged maps',
      `x: &x {${Array.from({ length: 2000 }, (_, key) => `k${key}: 1`).join(', ')}}\ny: [${'{<<: *x}, '.repeat(100)}]`,
      /values/,
    ],
    ['brackets', `x: ${'['.repeat(10_000)}`, /no more than 50 levels/],
    ['braces', `x: ${'{a: '.repeat(10_000)}`, /no more than 50 levels/],
    ['dashes', `x:\n${'- '.repeat(10_000)}a`, /no more than 50 levels/],
    ['explicit keys', '? '.repeat(10_000), /no more than 50 levels/],
    [
      'indentation',
      Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /no more than 50 levels/,
    ],
    ['values', `x:\n${'- a\n'.repeat(150_000)}`, /no more than 100000 values/],
    ['empty lines', '\n'.repeat(1_000_000), /no more than 100000 values/],
    ['anchors', `x: ${'&a '.repeat(100_000)}b`, /./],
    ['documents', '---\n'.repeat(100_000), /./],
    ['directives', '%x y\n'.repeat(100_000), /./],
    ['escapes', `x: "${'\\u0041'.repeat(150_000)}`, /./],
    ['entries', `entries: [${'{}, '.repeat(10_001)}]`, /no more than 10000 entries/],
    ['characters', 'x'.repeat(100_000_000), /no more than 1048576 bytes/],
    ['bytes', '€'.repeat(500_000), /no more than 1048576 bytes/],
  ])(
    '%s',
    (_what, text, message) => {
      const started = performance.now();
      expect(() => parseBlueprint(text)).toThrow(message);
      // A bound against what grows quadratically and would take minutes, not a measurement: the machine may be busy.
      expect(performance.now() - started).toBeLessThan(20_000);
    },
    60_000,
  );
});
