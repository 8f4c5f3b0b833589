import { expect, it } from 'vitest';
import { writeHead } from './child/frames.ts';
import { createFrameReader } from './frame-reader.ts';
import { ModelObject, object } from './model-object.ts';
import { sameText } from './same-text.ts';
import { encode, plain, unmarked } from './values.ts';

const value = { a: [1, null, object('city', { name: 'Basel', $odd: true })], $: 'user', $$: { $: 1 }, left: undefined };

it('marks objects, and never what only looks like one', () => {
  expect(JSON.parse(encode(value))).toEqual({
    a: [1, null, { $: 'city', name: 'Basel', $$odd: true }],
    $$: 'user',
    $$$: { $$: 1 },
  });
});

it('brings back what it sent', () => {
  expect(unmarked(JSON.parse(encode(value)))).toEqual({ a: value.a, $: 'user', $$: { $: 1 } });
  expect(plain(JSON.parse(encode(value)))).toEqual({
    a: [1, null, { name: 'Basel', $odd: true }],
    $: 'user',
    $$: { $: 1 },
  });
});

it('keeps a key that JavaScript takes for the prototype', () => {
  const sent = JSON.parse('{"__proto__": {"admin": true}}');
  expect(Object.keys(plain(JSON.parse(encode(sent))) ?? {})).toEqual(['__proto__']);
  expect(unmarked(JSON.parse('{"$": "user", "__proto__": 1}'))).toBeInstanceOf(ModelObject);
});

it('takes programs for the same whatever their line ends and outer blanks', () => {
  expect(sameText('return 1\n', '\r\nreturn 1  \r\n\r\n')).toBe(true);
  expect(sameText('if x:\n  return 1', 'if x:\n return 1')).toBe(false);
  expect(sameText('return "a"', 'return "b"')).toBe(false);
});

it('cuts a stream into frames however it arrives, and refuses one that is too long', () => {
  const frame = (text: string) =>
    Buffer.concat([writeHead({ length: text.length, kind: 1, id: 1, softMs: 0, hardMs: 0, of: 0 }), Buffer.from(text)]);
  const seen: string[] = [];
  const read = createFrameReader({ most: 10, onFrame: (_head, body) => seen.push(body.toString()) });
  for (const byte of Buffer.concat([frame('one'), frame(''), frame('three')])) read(Buffer.of(byte));
  read(Buffer.concat([frame('four'), frame('five')]));
  expect(seen).toEqual(['one', '', 'three', 'four', 'five']);
  expect(() => read(frame('far too long a text'))).toThrow(RangeError);
});
