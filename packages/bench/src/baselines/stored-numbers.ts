import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SimulatorClient } from '@flotilla/fleet';

/** How many devices the simulator is asked for at a time. */
const atATime = 250;

/**
 * Has the simulator link devices, and writes their auth folders, named by their phones, as Baileys' multi-file auth
 * state keeps them.
 * @param options.preKeys one-time keys of each. What opens a number reads the newest of them only
 * @param options.sharedApart puts the one-time keys, which are the same for all, into the folder `shared` alone, instead
 *   of a hard link into each folder: for bare Baileys, which reads all of them
 * @returns the phones
 */
export async function storeNumbers(
  simulator: SimulatorClient,
  folder: string,
  { count, preKeys, sharedApart }: { count: number; preKeys: number; sharedApart: boolean },
): Promise<string[]> {
  const phones: string[] = [];
  const common = join(folder, 'shared');
  await mkdir(common, { recursive: true });
  const writeAll = (into: string, files: Record<string, string>) =>
    Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(into, name), text)));
  while (phones.length < count) {
    const { shared, devices } = await simulator.storeDevices(Math.min(atATime, count - phones.length), { preKeys });
    await writeAll(common, shared);
    for (const { phone, files } of devices) {
      const own = join(folder, phone);
      await mkdir(own);
      await writeAll(own, files);
      if (!sharedApart) await Promise.all(Object.keys(shared).map((name) => link(join(common, name), join(own, name))));
      phones.push(phone);
    }
  }
  return phones;
}
