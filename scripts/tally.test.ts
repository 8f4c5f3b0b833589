import { expect, it } from 'vitest';
import { tally } from './tally.mjs';

const report = (numPassedTests: number, files: string[][]) =>
  JSON.stringify({
    numPassedTests,
    numFailedTests: files.flat().filter((status) => status === 'failed').length,
    testResults: files.map((tests) => ({
      status: tests.length === 0 || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: tests.map((status) => ({ status })),
    })),
  });

it('counts a run that left no report as a failure', () => {
  expect(tally(1, undefined)).toEqual({ passed: 0, failed: 1 });
});

it('counts a file that broke before its first test as a failure', () => {
  expect(tally(1, report(1, [['passed'], []]))).toEqual({ passed: 1, failed: 1 });
});

it('counts a run that ended badly after its tests passed as a failure', () => {
  expect(tally(1, report(2, [['passed', 'passed']]))).toEqual({ passed: 2, failed: 1 });
});

it('counts each failed test once', () => {
  expect(tally(1, report(1, [['passed', 'failed'], ['failed']]))).toEqual({ passed: 1, failed: 2 });
});

it('counts passed tests', () => {
  expect(tally(0, report(2, [['passed', 'passed']]))).toEqual({ passed: 2, failed: 0 });
});
