import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where vitest leaves each package's results; relative to the package, in a folder that git ignores. */
export const reportFile = '.turbo/test-report.json';

/** The workspace's packages with tests, as `{ name, folder }`, in the order of their folders. */
export function testedPackages(root) {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .sort()
      .map((name) => join(parent, name))
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
      .filter(({ scripts }) => scripts?.test)
      .map(({ folder, name }) => ({ folder, name })),
  );
}

/** Removes what an earlier run left. */
export function removeReports(root, packages) {
  for (const { folder } of packages) rmSync(join(root, folder, reportFile), { force: true });
}

/**
 * One package's results. A file that could not be loaded counts as a failed test, and so does a package without a
 * report: nothing that did not run may look like a success.
 *
 * @returns {{ passed: number, failed: number, skipped: number, seconds: number }}
 */
export function readReport(root, { folder }) {
  const path = join(root, folder, reportFile);
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0, seconds: 0 };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const ends = report.testResults.map(({ endTime }) => endTime);
  return {
    passed: report.numPassedTests,
    // An error outside every test fails the run without failing a test.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    seconds: ends.length > 0 ? (Math.max(...ends) - report.startTime) / 1000 : 0,
  };
}
