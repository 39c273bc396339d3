/**
 * To be loaded before an app (`node --import`): begins to note where its processor time goes when it gets SIGWINCH, and
 * with the next one writes that into `PROFILE_FILE`, as Node's `--cpu-prof` does.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

let session: Session | undefined;

process.on('SIGWINCH', async () => {
  if (!session) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  const file = process.env.PROFILE_FILE ?? 'profile.json';
  // All of it is there, or nothing.
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  renameSync(`${file}.part`, file);
});
