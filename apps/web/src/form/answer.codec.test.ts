import { describe, expect, it } from 'vitest';
import type { PromptField } from '../executor/challenge.types.ts';
import { localDateTime, promptAnswer } from './answer.codec.ts';

function aField(type: string): PromptField {
  const blank = { label: '', placeholder: '', initial_value: '', sub_text: '', order: 0, choices: [] };
  return { ...blank, field_key: type, type, required: false };
}

async function answerTo(types: readonly string[], values: Readonly<Record<string, string | File>>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return promptAnswer(types.map(aField), form);
}

describe('promptAnswer', () => {
  it('gives every type of field the value that the server expects', async () => {
    const values = { text: ' as typed ', number: '36', checkbox: 'on', 'date-time': '2026-05-01T10:00:00Z' };
    expect(await answerTo([...Object.keys(values)], values)).toEqual({
      text: ' as typed ',
      number: 36,
      checkbox: true,
      'date-time': '2026-05-01T10:00:00.000Z',
    });
  });

  it('says false for a box that is not ticked', async () => {
    expect(await answerTo(['checkbox'], {})).toEqual({ checkbox: false });
  });

  it('leaves out what the server takes absent but not blank', async () => {
    expect(
      await answerTo(['number', 'date', 'username', 'text'], { number: '', date: '', username: '', text: '' }),
    ).toEqual({ text: '' });
  });

  it('leaves out what only shows something', async () => {
    expect(await answerTo(['static', 'hidden', 'separator', 'text_read_only'], { text_read_only: 'x' })).toEqual({});
  });

  it('sends a file as a data URI, and no file as nothing', async () => {
    const file = new File(['hi'], 'hi.txt', { type: 'text/plain' });
    expect(await answerTo(['file'], { file })).toEqual({ file: 'data:text/plain;base64,aGk=' });
    expect(await answerTo(['file'], { file: new File([], '') })).toEqual({});
  });
});

it('turns a time of the wire into the wall time of an input, and nonsense into a blank', () => {
  const here = new Date('2026-05-01T10:00:00Z');
  expect(new Date(localDateTime('2026-05-01T10:00:00Z')).getTime()).toBe(here.getTime());
  expect(localDateTime('soon')).toBe('');
});
