import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child, eventually, freePort } from '@flotilla/fleet';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSigningSecret, signatureHeaders } from '../../../packages/webhook/src/signature.ts';
import { readText } from './repository.ts';

/** Below this package, so that the example finds what it imports. Git ignores it. */
const scratch = fileURLToPath(new URL('../.turbo/', import.meta.url));

test('the receiver in docs/webhooks.md takes what is signed, and nothing else', async () => {
  const example = /^```js\n([\s\S]*?)^```$/m.exec(readText('docs/webhooks.md'))?.[1] ?? '';
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(`${scratch}example-`);
  const secret = newSigningSecret();
  const port = await freePort();
  writeFileSync(`${folder}/receiver.mjs`, example);
  const receiver = await Child.start({
    name: 'example',
    command: process.execPath,
    args: [`${folder}/receiver.mjs`],
    env: { WEBHOOK_SECRET: secret, PORT: String(port) },
  });
  try {
    const body = JSON.stringify({ id: 'evt_a_1', type: 'messages.update', data: { status: 'acked' } });
    const timestamp = Math.floor(Date.now() / 1_000);
    const ours = signatureHeaders({ id: 'evt_a_1', timestamp, body }, [newSigningSecret(), secret]);
    const post = async (headers: Record<string, string>, text = body) => {
      const { status } = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: text });
      return status;
    };
    expect(await eventually(() => post(ours), { message: 'The example answers' })).toBe(204);
    expect(await post(ours)).toBe(204);
    expect(await post(ours, body.replace('acked', 'read'))).toBe(400);
    expect(await post({ ...ours, 'webhook-id': 'evt_a_2' })).toBe(400);
    expect(await post({ ...ours, 'webhook-timestamp': String(timestamp - 3_600) })).toBe(400);
    expect(await post({})).toBe(400);
    // What the package signs is what we sign.
    expect(new Webhook(secret).sign('evt_a_1', new Date(timestamp * 1_000), body)).toBe(
      ours['webhook-signature'].split(' ')[1],
    );
    // Handled once, although it came twice.
    expect(receiver.logs()).toEqual(["messages.update { status: 'acked' }"]);
  } finally {
    await receiver.kill();
    rmSync(folder, { recursive: true });
  }
});
