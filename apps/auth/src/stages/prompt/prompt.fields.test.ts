import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../plans/index.ts';
import type { ShownPrompt } from './challenge.ts';
import { promptField } from './prompt.fields.ts';
import { PROMPT_TYPES } from './settings.ts';

const DATE = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.';
const DATE_TIME =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';
const NUMBER = 'A valid integer is required.';
const REQUIRED = 'This field is required.';
const BLANK = 'This field may not be blank.';

const PROMPT: ShownPrompt = {
  name: 'prompt',
  fieldKey: 'key',
  label: 'Prompt',
  type: 'text',
  required: true,
  placeholder: '',
  initialValue: '',
  subText: '',
  order: 0,
  placeholderExpression: false,
  initialValueExpression: false,
  choices: null,
};

/** What is stored of a value, or why it is refused. */
function judged(prompt: Partial<ShownPrompt>, value?: JsonValue) {
  const result = promptField({ ...PROMPT, ...prompt })(value);
  return result.ok ? result.value : { refused: result.errors.map(({ string }) => string) };
}
const refused = (...reasons: string[]) => ({ refused: reasons });

const FIXED = ['hidden', 'static', 'text_read_only', 'text_area_read_only'];
const OPEN = PROMPT_TYPES.filter((type) => !FIXED.includes(type));

describe('what is refused', () => {
  it.each([
    ['text', '', BLANK],
    ['text', ['a'], 'Not a valid string.'],
    ['text', true, 'Not a valid string.'],
    ['text_area', '', BLANK],
    ['username', ' ', BLANK],
    ['password', '', BLANK],
    ['email', 'nobody', 'Enter a valid email address.'],
    ['email', '', BLANK],
    ['number', '', NUMBER],
    ['number', '4.5', NUMBER],
    ['number', 'four', NUMBER],
    ['number', true, NUMBER],
    ['number', 1e300, NUMBER],
    ['checkbox', 'perhaps', 'Must be a valid boolean.'],
    ['checkbox', '', 'Must be a valid boolean.'],
    ['dropdown', 'c', '"c" is not a valid choice.'],
    ['radio-button-group', ['a'], '"["a"]" is not a valid choice.'],
    ['radio-button-group', '', BLANK],
    ['date', '2023-02-30', DATE],
    ['date', '', DATE],
    ['date', '2023-2-3', DATE],
    ['date-time', '2023-02-30T10:00', DATE_TIME],
    ['date-time', '2023-02-28T24:01', DATE_TIME],
    ['date-time', '2023-02-28', DATE_TIME],
    ['file', 'https://files.example/x', 'Invalid scheme'],
    ['file', 'data:text/plain,hello', 'Invalid encoding'],
    ['file', '', BLANK],
    ['separator', '', BLANK],
  ] as const)('of %s: %j', (type, value, reason) => {
    expect(judged({ type, choices: ['a', 'b'] }, value as JsonValue)).toEqual(refused(reason));
  });

  it.each(['username', 'password', 'separator', 'file'])(
    'of %s, an empty text even where nothing is required',
    (type) => {
      expect(judged({ type, required: false }, '')).toEqual(refused(BLANK));
    },
  );

  it.each(OPEN)('of %s, null', (type) => {
    expect(judged({ type, required: false, choices: ['a'] }, null)).toEqual(refused('This field may not be null.'));
  });

  it.each(['text', 'text_area', 'username', 'email', 'password', 'number', 'date', 'date-time', 'file'])(
    'of %s, no answer where one is required',
    (type) => {
      expect(judged({ type })).toEqual(refused(REQUIRED));
    },
  );

  it('of a password, no answer even where there is an initial value', () => {
    expect(judged({ type: 'password', initialValue: 'secret' })).toEqual(refused(REQUIRED));
  });
});

describe('what is stored', () => {
  it.each([
    ['text', ' as it is ', ' as it is '],
    ['text', '  ', '  '],
    ['text', 4, '4'],
    ['text_area', ' a\nb ', ' a\nb '],
    ['username', ' ada ', 'ada'],
    ['password', ' hush ', 'hush'],
    ['email', ' ada@example.com ', 'ada@example.com'],
    ['number', '-4', -4],
    ['number', '4.00', 4],
    ['number', 4, 4],
    ['checkbox', true, true],
    ['checkbox', 'on', true],
    ['checkbox', '0', false],
    ['dropdown', 'b', 'b'],
    ['radio-button-group', 2, '2'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date-time', '2024-02-29T10:00', '2024-02-29T10:00'],
    ['date-time', '2024-02-29 10:00:59.123456+02:00', '2024-02-29 10:00:59.123456+02:00'],
    ['date-time', '2024-02-29T10:00:00Z', '2024-02-29T10:00:00Z'],
    ['file', 'data:text/plain;base64,aGk=', 'data:text/plain;base64,aGk='],
    ['separator', 'x', 'x'],
    ['ak-locale', '', ''],
    ['ak-locale', 'de', 'de'],
  ] as const)('of %s: %j', (type, value, stored) => {
    expect(judged({ type, choices: ['a', 'b', '2'] }, value)).toEqual(stored);
  });

  it.each(['text', 'text_area', 'email', 'dropdown', 'radio-button-group'])(
    'of %s, an empty text where nothing is required',
    (type) => {
      expect(judged({ type, required: false, choices: ['a'] }, '')).toBe('');
    },
  );

  it('of a box that is not ticked, false; of a separator and a locale that were left out, nothing', () => {
    expect([judged({ type: 'checkbox' }), judged({ type: 'separator' }), judged({ type: 'ak-locale' })]).toEqual([
      false,
      null,
      null,
    ]);
  });

  it('of what was left out and has an initial value, that value as it is', () => {
    expect(judged({ type: 'number', initialValue: 'many' })).toBe('many');
    expect(judged({ type: 'checkbox', initialValue: 'True' })).toBe('True');
  });

  it.each(FIXED)('of %s, what the server says, whatever was sent', (type) => {
    const placeholder = 'shown';
    const otherwise = type === 'hidden' || type === 'static' ? placeholder : '';
    for (const sent of [undefined, null, '', 'forged', ['forged']]) {
      expect(judged({ type, placeholder, initialValue: 'set' }, sent)).toBe('set');
      expect(judged({ type, placeholder }, sent)).toBe(otherwise);
    }
  });
});
