/**
 * Counts what a test run reported: passed and failed tests; a file or a run that broke counts as a failure.
 * `failures` has a line for each failed test or broken file: where it stands, and the first line of what it says.
 */
export function tally(code, json) {
  if (json === undefined) return { passed: 0, failed: 1, failures: ['a run left no report'] };
  const { numPassedTests: passed, testResults } = JSON.parse(json);
  const failures = testResults.filter(({ status }) => status === 'failed').flatMap(failuresOf);
  if (code !== 0 && failures.length === 0) failures.push(`a run ended with code ${code}`);
  return { passed, failed: failures.length, failures };
}

function failuresOf({ name, message, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [line(name, '', message)];
  return failed.map(({ fullName, failureMessages }) => line(name, fullName, failureMessages?.[0]));
}

function line(...parts) {
  return parts
    .filter(Boolean)
    .map((part) => part.split('\n')[0])
    .join(': ');
}
