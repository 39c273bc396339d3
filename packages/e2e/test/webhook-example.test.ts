import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child, eventually, freePort } from '@flotilla/fleet';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSigningSecret } from '../../../packages/webhook/src/signature.ts';
import { readText } from './repository.ts';
import { signedHeaders } from './signed-headers.ts';

/** Below this package, so that the example finds what it imports. Git ignores it. */
const scratch = fileURLToPath(new URL('../.turbo/', import.meta.url));

const page = 'docs/receiving-webhooks.md';
/** The examples of a language, in the order of the page. */
const examples = (language: string) =>
  [...readText(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );

function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(`${scratch}example-`);
  return work(folder).finally(() => rmSync(folder, { recursive: true }));
}

test(`the receiver for Node in ${page} takes what is signed, and nothing else`, () =>
  inFolder(async (folder) => {
    const secret = newSigningSecret();
    const port = await freePort();
    writeFileSync(`${folder}/receiver.mjs`, examples('js')[0] ?? '');
    const receiver = await Child.start({
      name: 'example',
      command: process.execPath,
      args: [`${folder}/receiver.mjs`],
      env: { WEBHOOK_SECRET: secret, PORT: String(port) },
    });
    try {
      const body = JSON.stringify({ id: 'evt_a_1', type: 'messages.update', data: { status: 'acked' } });
      const timestamp = Math.floor(Date.now() / 1_000);
      const ours = signedHeaders({ id: 'evt_a_1', timestamp, body }, [newSigningSecret(), secret]);
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
    }
  }));

/** Reads cases as JSON and prints what the function of the page says to each. */
const judge = `
import json
import sys

print(json.dumps([is_ours(body.encode(), headers, secret) for body, headers, secret in json.load(open(sys.argv[1]))]))
`;

test(`the function for Python in ${page} says of each delivery what the public library says`, () =>
  inFolder(async (folder) => {
    const [server = '', verify = ''] = examples('python');
    expect(server).toContain('standardwebhooks');
    const secret = newSigningSecret();
    const body = JSON.stringify({ id: 'evt_a_1', data: { text: 'Grüße 👋' } });
    const timestamp = Math.floor(Date.now() / 1_000);
    const signed = (secrets: string[], at = timestamp) =>
      signedHeaders({ id: 'evt_a_1', timestamp: at, body }, secrets);
    const cases: [string, Record<string, string>, string][] = [
      [body, signed([secret]), secret],
      [body, signed([newSigningSecret(), secret]), secret],
      [body, signed([secret, newSigningSecret()]), secret],
      [body, signed([newSigningSecret()]), secret],
      [`${body} `, signed([secret]), secret],
      [body, signed([secret], timestamp - 400), secret],
      [body, signed([secret], timestamp + 400), secret],
      [body, { ...signed([secret]), 'webhook-id': 'evt_a_2' }, secret],
      [body, { ...signed([secret]), 'webhook-timestamp': '' }, secret],
      [body, {}, secret],
    ];
    const expected = cases.map(([text, headers, key]) => {
      try {
        new Webhook(key).verify(text, headers);
        return true;
      } catch {
        return false;
      }
    });
    writeFileSync(`${folder}/verify.py`, verify + judge);
    writeFileSync(`${folder}/cases.json`, JSON.stringify(cases));
    const python = await Child.start({
      name: 'python',
      command: 'python3',
      args: [`${folder}/verify.py`, `${folder}/cases.json`],
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    await python.exited;
    expect(python.logs()).toEqual([JSON.stringify(expected).replaceAll(',', ', ')]);
    expect(expected.filter(Boolean)).toHaveLength(3);
  }));
