import { expect, it } from 'vitest';
import { describeLog, describeOutcome, type Outcome } from './configuration.printer.ts';

const change = { model: 'authentik_core.group', pk: 'a', entry: 0 };

it('shows each field on one line, and lets nothing reach the terminal as a command', () => {
  const outcome: Outcome = {
    status: 'successful',
    logs: [],
    changes: [
      {
        ...change,
        title: 'red\u001b[31m',
        action: 'updated',
        fields: [{ field: 'name', before: 'a\nb', after: '\u202eb\u009b2J' }],
      },
      { ...change, title: 'gone', action: 'deleted', fields: [] },
      { ...change, title: 'same', action: 'unchanged', fields: [] },
    ],
  };
  expect(describeOutcome(outcome, 'Plan')).toBe(
    [
      '~ authentik_core.group "red\\u001b[31m"',
      '    name: "a\\nb" -> "\\u{202e}b\\u{9b}2J"',
      '- authentik_core.group "gone"',
      'Plan: 0 to create, 1 to change, 1 to delete, 1 unchanged.\n',
    ].join('\n'),
  );
});

it('says what is wrong with its file, line, entry and field', () => {
  const log = {
    level: 'error',
    message: 'This field is required.',
    file: 'a.yaml',
    entry: 3,
    field: 'attrs.name',
    line: 17,
  };
  expect(describeLog(log)).toBe('a.yaml:17: entry 3, attrs.name: This field is required.');
  expect(describeLog({ ...log, file: '', entry: null, field: null, line: null })).toBe('This field is required.');
});
