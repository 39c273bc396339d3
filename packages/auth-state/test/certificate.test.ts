import { randomBytes } from 'node:crypto';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { repairCurve } from '../src/index.ts';
import { testBed } from './bed.ts';
import { createClient, link } from './client.ts';

repairCurve();

const bed = testBed();

test('a server whose certificate another root has signed is not trusted, the right one is', async () => {
  const { phone } = await bed.createPeople({ contact: '4950', phone: '4960' });
  const client = createClient(bed.simulator, bed.redis, phone);
  const rootKey = WA_CERT_DETAILS.PUBLIC_KEY;
  WA_CERT_DETAILS.PUBLIC_KEY = randomBytes(32);
  const distrustful = await client.connect({ mayCreate: true });
  const ended = Promise.withResolvers<Error | undefined>();
  distrustful.sock.ev.on('connection.update', ({ connection, lastDisconnect }) => {
    if (connection === 'close') ended.resolve(lastDisconnect?.error);
  });
  expect(String(await ended.promise)).toMatch(/certificate signature invalid/);
  expect(distrustful.qr).toBeUndefined();
  await distrustful.close();

  WA_CERT_DETAILS.PUBLIC_KEY = rootKey;
  await (await link(bed.simulator, client)).close();
});
