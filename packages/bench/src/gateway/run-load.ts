import { fileURLToPath } from 'node:url';
import { Child } from '@flotilla/fleet';
import type { Load, LoadOutcome } from './load.ts';

/**
 * Posts texts from a process of its own, and waits for the end.
 * @throws with what it has written if a request was not answered with 202
 */
export async function runLoad(load: Load): Promise<LoadOutcome> {
  const child = await Child.start({
    name: 'load',
    command: process.execPath,
    args: [fileURLToPath(new URL('./load.ts', import.meta.url)), JSON.stringify(load)],
    env: { PATH: process.env.PATH },
  });
  const { code } = await child.exited;
  const last = child.logs().at(-1);
  if (code !== 0 || last === undefined) throw new Error(`The load has failed${child.lastLines()}`);
  return JSON.parse(last) as LoadOutcome;
}
