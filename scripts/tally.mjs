/** Counts what a test run reported: passed and failed tests; a file or a run that broke counts as a failure. */
export function tally(code, json) {
  if (json === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(json);
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  ).length;
  const failed = numFailedTests + brokenFiles;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
