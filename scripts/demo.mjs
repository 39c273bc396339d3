// `npm run demo`: gets what this machine lacks, then runs the tour. Needs nothing but Node 20 and npm.
import { exitCodeOf, main, runInGroup } from './processes.mjs';
import { prepareRedis } from './redis.mjs';
import { prepareToolchain, root } from './toolchain.mjs';

await main(async () => {
  const env = await prepareToolchain();
  await prepareRedis(env);
  const { code, signal } = await runInGroup('node', ['apps/demo/src/main.ts', ...process.argv.slice(2)], {
    cwd: root,
    env,
  });
  // Ended by Ctrl-C as it should.
  return signal && code === exitCodeOf(signal) ? 0 : code;
});
