// `npm test [-- package]`: lint, unused code, types and all tests, uncached, with a Redis of its own. Needs nothing but
// Node 20 and npm. The last line is `N passed, N failed`.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareFfmpeg } from './ffmpeg.mjs';
import { exitCodeOf, main, runInGroup, Sentence } from './processes.mjs';
import { prepareRedis, startTestRedis } from './redis.mjs';
import { readReport, removeReports, reportFile, testedPackages } from './test-report.mjs';
import { prepareToolchain, root } from './toolchain.mjs';

/** They start whole fleets, so they have the machine to themselves, at the end. */
const endToEnd = '@flotilla/e2e';

await main(async () => {
  const wanted = choosePackages(process.argv.slice(2));
  const env = await prepareToolchain();
  await prepareFfmpeg(env);
  const redis = await startTestRedis(await prepareRedis(env), env);
  try {
    // Compiling what it imports is a third of what each process of the tests costs; apps of fleets use the same folder.
    const compiled = { NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'flotilla-compile-cache') };
    return await testAll(wanted, { ...env, ...compiled, TEST_REDIS_URL: redis.url });
  } finally {
    await redis.stop();
  }
});

/** All packages without an argument, else the named ones, with or without the scope. */
function choosePackages(args) {
  const packages = testedPackages(root);
  const chosen = args.map((arg) => {
    const found = packages.find(({ name }) => name === arg || name === `@flotilla/${arg}`);
    if (!found)
      throw new Sentence(`There is no package "${arg}": name one of ${packages.map(({ name }) => name).join(', ')}`);
    return found;
  });
  return { packages: args.length > 0 ? chosen : packages, isEverything: args.length === 0 };
}

async function testAll({ packages, isEverything }, env) {
  removeReports(root, packages);
  const only = (names) => names.map((name) => `--filter=${name}`);
  const names = packages.map(({ name }) => name);
  const turbo = ['exec', 'turbo', 'run', '--ui=stream', '--force', '--env-mode=loose', '--continue=always'];
  const vitest = ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  // Three packages at a time: most tests wait for something, which leaves two cores idle half of the time with two.
  const testStep = (title, chosen) => ({
    title,
    args: [...turbo, 'test', '--concurrency=3', ...only(chosen), ...vitest],
    isCounted: true,
    isNeeded: chosen.length > 0,
  });
  const steps = [
    { title: 'lint', args: ['exec', 'biome', 'check', '--error-on-warnings', '.'], isNeeded: isEverything },
    { title: 'unused code', args: ['exec', 'knip'], isNeeded: isEverything },
    {
      title: 'types',
      args: [...turbo, 'typecheck', '--concurrency=2', ...only(isEverything ? [] : names)],
      isNeeded: true,
    },
    testStep(
      'tests',
      names.filter((name) => name !== endToEnd),
    ),
    testStep(
      'end-to-end tests',
      names.filter((name) => name === endToEnd),
    ),
  ];

  const failedChecks = [];
  for (const { title, args, isCounted } of steps.filter(({ isNeeded }) => isNeeded)) {
    process.stdout.write(`\n── ${title}\n`);
    const { code, signal } = await runInGroup('pnpm', args, { cwd: root, env });
    if (signal) return exitCodeOf(signal);
    if (code !== 0 && !isCounted) failedChecks.push(title);
  }
  return summarize(packages, failedChecks);
}

function summarize(packages, failedChecks) {
  process.stdout.write('\n── results\n');
  for (const title of failedChecks) process.stdout.write(`${title}: failed\n`);
  const total = { passed: 0, failed: failedChecks.length, skipped: 0 };
  for (const unit of packages) {
    const { passed, failed, skipped, seconds } = readReport(root, unit);
    process.stdout.write(
      `${unit.folder}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds.toFixed(1)} s\n`,
    );
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`);
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
}
