/** Values at random for fields of protos: as odd as their rules allow. */

import { type DescField, type FileRegistry, ScalarType } from '@bufbuild/protobuf';
import { fieldRules } from '@postern/proto';

/** Random numbers that are the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Texts that a format with meaning of its own could take for something else. */
const ODD_TEXTS = [
  'plain',
  'with "quotes" and \'more\'',
  'größe 字 🦊',
  'two\nlines',
  '  leading spaces',
  'trailing ',
  '!KeyOf x',
  '!Env HOME',
  'null',
  'yes',
  'No',
  '010',
  '1e3',
  '12:30:45',
  '2024-01-01',
  '- item',
  'key: value',
  '# remark',
  '*alias',
  '&anchor',
  '{a: b}',
  '[1, 2]',
  '<<',
  '~',
  '\ttabbed',
  'a\r\nb',
  'percent %s %(x)s',
  'back\\slash',
  '|',
  '>',
  '@at',
  '`tick`',
  '0x1F',
  '.inf',
  '1_000',
  'a: b\n  c: d\n',
  '\n',
  "'",
  '"',
  '---',
  '...',
];

/** Values for fields. */
export type Values = ReturnType<typeof createValues>;

/** Creates a source of values; texts that have to be unique carry a number. */
export function createValues(registry: FileRegistry, random: () => number) {
  let serial = Math.floor(random() * 1e6) * 1000;
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];

  function textOf({ name, desc }: { name: string; desc: DescField }): string {
    const { string: rules } = fieldRules(registry, desc) ?? {};
    serial += 1;
    if (rules?.in.length) return pick(rules.in) ?? '';
    if (name === 'slug' || rules?.pattern) return `s-${serial}`;
    if (/validity|duration|offset|expire|retention/.test(name)) return `minutes=${serial % 10_000}`;
    if (/url$|^icon$/.test(name)) return `https://host-${serial}.example/%C3%A4?q='"&x=1#f`;
    if (name === 'client_ip') return '192.0.2.7';
    if (name === 'provider_type') return 'openidconnect';
    if (name === 'expression')
      return `# ${(pick(ODD_TEXTS) ?? '').replaceAll(/\s/g, ' ')}\nreturn {"a": "\\"${serial}"}`;
    if (name === 'field_key' || name === 'scope_name') return `${name}_${serial}`;
    if (name === 'email') return `someone-${serial}@example.com`;
    const text = `${pick(ODD_TEXTS)}${/name|domain|client_id|scope/.test(name) ? ` ${serial}` : ''}`;
    return text.slice(0, rules?.max_len || 200);
  }

  function numberOf(desc: DescField): number {
    const { gte = 0, lte = 100 } = fieldRules(registry, desc)?.int32 ?? {};
    const low = Math.max(gte, -50);
    return low + Math.floor(random() * (Math.min(lte || 100, 100) - low));
  }

  function looseOf(depth = 0): unknown {
    const kinds: (() => unknown)[] = [
      () => pick(ODD_TEXTS),
      () => random() < 0.5,
      () => null,
      () => pick([0, -1, 1.5, 1e21, 1e-7, 12345678901, 0.1]),
    ];
    if (depth < 3) {
      kinds.push(() => Array.from({ length: 3 }, () => looseOf(depth + 1)));
      kinds.push(() => structOf(depth + 1));
    }
    return pick(kinds)?.();
  }

  function structOf(depth = 0): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length: 3 }, () => [pick(ODD_TEXTS), looseOf(depth + 1)]));
  }

  function scalarOf(desc: DescField): unknown {
    if (desc.fieldKind === 'message')
      return desc.message.typeName === 'google.protobuf.Struct' ? structOf() : undefined;
    if (desc.fieldKind === 'enum') return undefined;
    if (desc.fieldKind === 'scalar' && desc.scalar === ScalarType.BOOL) return random() < 0.5;
    if (desc.fieldKind === 'scalar' && desc.scalar !== ScalarType.STRING) return numberOf(desc);
    return textOf({ name: desc.name, desc });
  }

  function nextSerial(): number {
    serial += 1;
    return serial;
  }

  return { pick, scalarOf, nextSerial };
}
