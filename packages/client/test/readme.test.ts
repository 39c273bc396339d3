import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, eventually, freePort, startFleet } from '@flotilla/fleet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Installed, installBuilt } from './built.ts';

let installed: Installed;
beforeAll(async () => {
  installed = await installBuilt();
});
afterAll(() => installed?.remove());

const example = async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  return /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
};

it('has an example that compiles with the package as it is published, and declarations that say no more than it knows', async () => {
  await writeFile(join(installed.folder, 'example.ts'), await example());
  await installed.check('example.ts');
  const wrong = `import { createFlotilla } from '@flotilla/client';
const { GET, POST } = createFlotilla({ baseUrl: '', apiKey: '' });
await GET('/v1/nothing');`;
  await writeFile(join(installed.folder, 'wrong.ts'), wrong);
  await expect(installed.check('wrong.ts')).rejects.toThrow('wrong.ts(3,');
});

it('has an example that links a phone, greets and hears the answer, at a real gateway', async () => {
  const fleet = await startFleet({ receiver: false });
  let child: Child | undefined;
  try {
    await writeFile(join(installed.folder, 'example.ts'), await example());
    const tenant = await fleet.api.newTenant();
    const customer = await fleet.simulator.createContact();
    child = await Child.start({
      name: 'example',
      command: process.execPath,
      args: [join(installed.folder, 'example.ts')],
      env: {
        FLOTILLA_URL: fleet.api.url,
        FLOTILLA_KEY: tenant.key,
        HOOK_PORT: String(await freePort()),
        CUSTOMER: customer.phone,
        PATH: process.env.PATH,
      },
    });
    const said = (text: string) =>
      eventually(
        () =>
          child
            ?.logs()
            .find((line) => line.startsWith(text))
            ?.slice(text.length),
        {
          timeoutMs: 30_000,
          message: `The example says: ${text}`,
        },
      );
    const linked = await fleet.simulator.scanQr(await said('Scan this: '));
    await said('Our message: acked');
    await fleet.simulator.contactSend(customer.phone, linked.phone, 'Hello yourself');
    expect(await said('They say: ')).toBe('Hello yourself');
  } catch (error) {
    throw new Error(`${child?.logs().join('\n')}\n${fleet.lastLines(5)}`, { cause: error });
  } finally {
    await child?.kill();
    await fleet.stop();
  }
});
