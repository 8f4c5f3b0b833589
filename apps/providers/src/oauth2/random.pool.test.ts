import { expect, it } from 'vitest';
import { createRandom } from './random.pool.ts';

it('gives no text twice, whatever their lengths, and each as long as was asked for', () => {
  const random = createRandom();
  const texts = Array.from({ length: 2_000 }, (_, round) => random.text(16 + (round % 33)));
  expect(new Set(texts).size).toBe(2_000);
  for (const [round, text] of texts.entries()) expect(Buffer.from(text, 'base64url')).toHaveLength(16 + (round % 33));
  expect(texts.some((text) => text.endsWith('AAAAAAAA'))).toBe(false);
});

it('refuses a text that is longer than what it draws', () => {
  expect(() => createRandom().text(5_000)).toThrow(RangeError);
});
