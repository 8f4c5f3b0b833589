import { expect, it } from 'vitest';
import { pythonJson } from './python-json.ts';

it('writes JSON as Python does', () => {
  const value = { a: [1, 'é😀\u0080"\n'], b: {}, c: [], d: { e: null, f: true } };
  expect(pythonJson(value)).toBe(
    '{"a": [1, "\\u00e9\\ud83d\\ude00\\u0080\\"\\n"], "b": {}, "c": [], "d": {"e": null, "f": true}}',
  );
  expect(pythonJson({ a: [1, { b: 2 }], c: {} }, 4)).toBe(
    '{\n    "a": [\n        1,\n        {\n            "b": 2\n        }\n    ],\n    "c": {}\n}',
  );
  expect(pythonJson('x', 4)).toBe('"x"');
});
