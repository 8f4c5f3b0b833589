import { expect, it } from 'vitest';
import { tally } from './tally.mjs';

const report = (numPassedTests: number, files: string[][]) =>
  JSON.stringify({
    numPassedTests,
    testResults: files.map((tests) => ({
      name: 'a.test.ts',
      status: tests.length === 0 || tests.includes('failed') ? 'failed' : 'passed',
      message: tests.length === 0 ? 'Cannot find module\nand more' : '',
      assertionResults: tests.map((status) => ({
        fullName: 'a door opens',
        status,
        failureMessages: status === 'failed' ? ['expected shut to be open\n    at a.test.ts:1:1'] : [],
      })),
    })),
  });

it('counts a run that left no report as a failure', () => {
  expect(tally(1, undefined)).toMatchObject({ passed: 0, failed: 1 });
});

it('counts a file that broke before its first test as a failure', () => {
  expect(tally(1, report(1, [['passed'], []]))).toEqual({
    passed: 1,
    failed: 1,
    failures: ['a.test.ts: Cannot find module'],
  });
});

it('counts a run that ended badly after its tests passed as a failure', () => {
  expect(tally(1, report(2, [['passed', 'passed']]))).toMatchObject({ passed: 2, failed: 1 });
});

it('counts each failed test once, and says where it stands and what it says', () => {
  const line = 'a.test.ts: a door opens: expected shut to be open';
  expect(tally(1, report(1, [['passed', 'failed'], ['failed']]))).toEqual({
    passed: 1,
    failed: 2,
    failures: [line, line],
  });
});

it('counts passed tests', () => {
  expect(tally(0, report(2, [['passed', 'passed']]))).toEqual({ passed: 2, failed: 0, failures: [] });
});
