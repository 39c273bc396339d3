import { readFileSync } from 'node:fs';
import { eventually } from '@flotilla/fleet';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { signedHeaders } from './signed-headers.ts';
import { longSchedule, type WebhookCase } from './webhook-cases.ts';
import { textOf, texts } from './webhook-scene.ts';

interface Vector {
  id: string;
  timestamp: number;
  body: string;
  secret: string;
  signature: string;
}

export const convoy: WebhookCase[] = [
  {
    name: 'circuit breaker transitions',
    ours: 'After ten failures in a row only one request at a time is tried, ever later; the first success closes it, all in order',
    env: longSchedule,
    run: async (scene) => {
      let isDown = true;
      const hook = await scene.hook({}, { answer: () => ({ status: isDown ? 500 : 200 }) });
      const sent = texts('breaker', 40);
      await scene.number.hear(...sent);
      await eventually(() => hook.arrived.length >= 10, { timeoutMs: 20_000 });
      const opened = performance.now();
      const before = hook.arrived.length;
      await eventually(() => performance.now() - opened > 2_000);
      // Closed it would have been tried every 300 ms by each of its attempts.
      expect(hook.arrived.length - before).toBeLessThan(7);
      isDown = false;
      await eventually(() => hook.taken.includes('breaker 39'), { timeoutMs: 40_000 });
      expect(hook.taken).toEqual(sent);
    },
  },
  {
    name: 'multi-project circuit breakers',
    ours: "A tenant's failing endpoint opens its own breaker: those of others, and its own others, are served at once",
    run: async (scene) => {
      const other = await scene.otherTenant();
      await scene.hook({}, { answer: () => ({ status: 500 }) });
      const [same, theirs] = [await scene.hook(), await scene.hook({}, { tenant: other.tenant })];
      const sent = texts('breaks', 30);
      await scene.number.hear(...sent);
      await other.hear(...texts('whole', 30));
      expect(await same.took(30)).toEqual(sent);
      expect(await theirs.took(30)).toEqual(texts('whole', 30));
    },
  },
  {
    name: 'TestDeliveryTransport_BlocksMetadataButAllowsPrivate',
    ours: 'An allow list opens its networks alone: metadata and other private networks stay closed',
    run: async (scene) => {
      const hook = await scene.hook();
      await scene.number.hear('private is allowed here');
      await hook.took(1);
      for (const host of [
        '169.254.169.254',
        '100.100.100.200',
        '192.168.0.1',
        '10.0.0.1',
        '[::1]',
        '[fd00:ec2::254]',
      ]) {
        const body = { url: `http://${host}/latest/meta-data` };
        const { status } = await scene.number.tenant.request('POST', '/v1/webhooks', { body });
        expect(status, host).toBe(400);
      }
    },
  },
  {
    name: 'TestDispatcherWithBlockedIP',
    ours: 'What the gateway let pass is checked again when it is dialled: refused, tried again by the schedule, then dead',
    run: async (scene) => {
      // A gateway that allows more than the workers do: as if the operator had closed a network since.
      const lenient = await scene.fleet.addGateway({ WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,10.0.0.0/8,169.254.0.0/16' });
      const { tenant } = scene.number;
      const through = tenant.through(scene.fleet.apiOf(scene.fleet.gateways.indexOf(lenient)));
      const [inside, metadata] = await Promise.all([
        scene.hook({ url: 'http://10.255.255.1:8080/hook' }, { tenant: through }),
        scene.hook({ url: 'http://169.254.169.254/latest' }, { tenant: through }),
      ]);
      await scene.number.hear('blocked');
      for (const hook of [inside, metadata]) {
        const [dead] = await hook.dead();
        expect(dead?.attempts.map(({ error, status, address }) => [error, status, address])).toEqual(
          Array(3).fill(['address-refused', undefined, undefined]),
        );
      }
    },
  },
  {
    name: 'TestSignatureVectorsUpToDate',
    ours: 'A file of vectors, made by the public library, is what we sign; and so is what the worker has sent',
    run: async (scene) => {
      const file = new URL('./signature-vectors.json', import.meta.url);
      const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
      expect(vectors.length).toBeGreaterThan(3);
      const hook = await scene.hook();
      await scene.number.hear('a vector, too');
      const { headers, body } = await hook.came('a vector, too');
      const sent = {
        id: headers['webhook-id'] ?? '',
        timestamp: Number(headers['webhook-timestamp']),
        body,
        secret: hook.webhook.secret,
        signature: headers['webhook-signature'] ?? '',
      };
      for (const { id, timestamp, body: text, secret, signature } of [...vectors, sent]) {
        expect(new Webhook(secret).sign(id, new Date(timestamp * 1_000), text)).toBe(signature);
        expect(signedHeaders({ id, timestamp, body: text }, [secret])['webhook-signature']).toBe(signature);
      }
    },
  },
  {
    name: 'TestE2E_SingleEvent_JobID_Deduplication',
    ours: 'However many jobs ask for the same mailbox, one request of an instance is under way, and no event comes twice',
    run: async (scene) => {
      let underWay = 0;
      let most = 0;
      const hook = await scene.hook(
        {},
        {
          answer: () => {
            underWay += 1;
            most = Math.max(most, underWay);
            setTimeout(() => {
              underWay -= 1;
            }, 40);
            return { afterMs: 50 };
          },
        },
      );
      const sent = texts('single', 40);
      // Each of them asks for a turn.
      for (const text of sent) await scene.number.hear(text);
      expect(await hook.took(40, 30_000)).toEqual(sent);
      expect(most).toBe(1);
      expect(new Set(hook.arrived.map(textOf)).size).toBe(hook.arrived.length);
    },
  },
];
