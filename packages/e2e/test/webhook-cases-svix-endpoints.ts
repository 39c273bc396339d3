import type { CreatedWebhook, Webhook as WebhookRecord } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { WebhookCase } from './webhook-cases.ts';
import type { WebhookScene } from './webhook-scene.ts';

/** Everything that Redis holds, as text. */
const wholeStore = (scene: WebhookScene): Promise<string> =>
  scene.store(async (redis) => {
    const read: Record<string, (key: string) => Promise<unknown>> = {
      hash: (key) => redis.hgetall(key),
      list: (key) => redis.lrange(key, 0, -1),
      zset: (key) => redis.zrange(key, '0', '-1'),
      set: (key) => redis.smembers(key),
      stream: (key) => redis.xrange(key, '-', '+'),
      string: (key) => redis.get(key),
    };
    const keys = await redis.keys('*');
    const values = keys.map(async (key) => `${key} ${JSON.stringify(await read[await redis.type(key)]?.(key))}`);
    return (await Promise.all(values)).join('\n');
  });

const signaturesOf = (headers: Record<string, string>) => headers['webhook-signature']?.split(' ') ?? [];

const verifies = (secret: string, body: string, headers: Record<string, string>) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

/** Has something happen again and again. */
async function forSeconds(seconds: number, everyMs: number, work: (n: number) => Promise<void>): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (let n = 0; performance.now() < end; n += 1) {
    await work(n);
    const next = performance.now() + everyMs;
    await eventually(() => performance.now() >= next);
  }
}

const switchesOffAfter = { WEBHOOK_DISABLE_AFTER: '3s' };

/** What Svix tests of endpoints: when they are switched off, their secrets, headers, addresses and end. */
export const svixEndpoints: WebhookCase[] = [
  {
    name: 'test_endpoint_disable_on_repeated_failure',
    ours: 'An endpoint that fails for as long as is set, without a success, is switched off; another endpoint is told',
    env: switchesOffAfter,
    run: async (scene) => {
      const news = await scene.hook({ events: ['webhook.disabled'] });
      const hook = await scene.hook({}, { answer: () => ({ status: 500 }) });
      await forSeconds(5, 400, (n) => scene.number.hear(`repeatedly ${n}`));
      const record = await eventually(
        async () => {
          const found = await hook.call<WebhookRecord>('GET');
          return !found.enabled && found;
        },
        { timeoutMs: 20_000 },
      );
      expect(record.disabledReason).toBeTruthy();
      await eventually(() =>
        news.arrived.some(({ json }) => (json as { data: { webhook: string } }).data.webhook === hook.webhook.id),
      );
    },
  },
  {
    name: 'test_endpoint_disable_on_sporadic_failure',
    ours: 'One that succeeds in between is not',
    env: switchesOffAfter,
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: (_, count) => ({ status: count % 2 === 0 ? 500 : 200 }) });
      await forSeconds(6, 400, (n) => scene.number.hear(`sporadically ${n}`));
      await scene.number.hear('sporadically at last');
      await eventually(() => hook.taken.includes('sporadically at last'), { timeoutMs: 20_000 });
      expect((await hook.call<WebhookRecord>('GET')).enabled).toBe(true);
    },
  },
  {
    name: 'test_endpoint_disable_expiration_duration',
    ours: 'A failure of long ago does not add up with the one of today',
    env: switchesOffAfter,
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ status: 500 }) });
      await scene.number.hear('long ago');
      await hook.dead(1);
      const later = performance.now() + 3_500;
      await eventually(() => performance.now() > later);
      await scene.number.hear('today');
      await hook.dead(2);
      expect((await hook.call<WebhookRecord>('GET')).enabled).toBe(true);
    },
  },
  {
    name: 'test_endpoint_rotate_max',
    ours: 'Ten secrets may be valid at once; an eleventh is refused with 409 until one expires',
    run: async (scene) => {
      const hook = await scene.hook();
      for (let n = 0; n < 9; n += 1) await hook.call('POST', '/rotate-secret');
      const path = `/v1/webhooks/${hook.webhook.id}/rotate-secret`;
      const refused = await scene.number.tenant.request<{ code: string }>('POST', path);
      expect([refused.status, refused.body.code]).toEqual([409, 'TOO_MANY_SECRETS']);
      await scene.number.hear('ten');
      expect(signaturesOf((await hook.came('ten')).headers)).toHaveLength(10);
    },
  },
  {
    name: 'test_endpoint_rotate_signing_e2e',
    ours: 'After rotation both secrets verify, the new one first; after the overlap only the new one',
    run: async (scene) => {
      const hook = await scene.hook();
      const { secret } = await hook.call<CreatedWebhook>('POST', '/rotate-secret', { overlapSeconds: 4 });
      const both = await eventually(async () => {
        await scene.number.hear('rotated');
        const last = hook.arrived.at(-1);
        return last && signaturesOf(last.headers).length === 2 && last;
      });
      expect([secret, hook.webhook.secret].map((each) => verifies(each, both.body, both.headers))).toEqual([
        true,
        true,
      ]);
      const [newest = ''] = signaturesOf(both.headers);
      expect(verifies(secret, both.body, { ...both.headers, 'webhook-signature': newest })).toBe(true);
      const after = await eventually(
        async () => {
          await scene.number.hear('later');
          const last = hook.arrived.at(-1);
          return last && signaturesOf(last.headers).length === 1 && last;
        },
        { timeoutMs: 15_000, intervalMs: 500 },
      );
      expect([secret, hook.webhook.secret].map((each) => verifies(each, after.body, after.headers))).toEqual([
        true,
        false,
      ]);
    },
  },
  {
    name: 'test_endpoint_rotate_signing_symmetric_and_asymmetric',
    ours: 'There is one kind of signature, HMAC. A secret that the tenant brings takes its part in rotation like ours',
    run: async (scene) => {
      const own = `whsec_${Buffer.alloc(48, 5).toString('base64')}`;
      const hook = await scene.hook();
      const { secret } = await hook.call<CreatedWebhook>('POST', '/rotate-secret', { secret: own });
      expect(secret).toBe(own);
      const { body, headers } = await eventually(async () => {
        await scene.number.hear('own secret');
        return hook.arrived.find((arrival) => signaturesOf(arrival.headers).length === 2);
      });
      expect([own, hook.webhook.secret].map((each) => verifies(each, body, headers))).toEqual([true, true]);
      expect(signaturesOf(headers).every((signature) => signature.startsWith('v1,'))).toBe(true);
      const path = `/v1/webhooks/${hook.webhook.id}/rotate-secret`;
      const short = await scene.number.tenant.request('POST', path, { body: { secret: 'whsec_c2hvcnQ=' } });
      expect(short.status).toBe(400);
    },
  },
  {
    name: 'test_endpoint_secret_encryption_in_database',
    ours: 'Neither secrets nor custom headers are anywhere in Redis as they are; nothing but creation shows them',
    run: async (scene) => {
      const header = 'Bearer of-the-receiver-itself';
      const hook = await scene.hook({ headers: { authorization: header } });
      await scene.number.hear('sealed');
      expect((await hook.came('sealed')).headers.authorization).toBe(header);
      const key = hook.webhook.secret.replace('whsec_', '');
      const store = await wholeStore(scene);
      expect(store).toContain(hook.webhook.id);
      for (const secret of [key, Buffer.from(key, 'base64').toString('hex'), header])
        expect(store).not.toContain(secret);
      const shown = JSON.stringify(await hook.call('GET'));
      expect(shown).not.toContain(key);
      expect(shown).not.toContain(header);
    },
  },
  {
    name: 'test_filtering (addresses)',
    ours: 'URLs with addresses inside are refused in every spelling when they are entered, public ones are not',
    run: async (scene) => {
      const { tenant } = scene.number;
      const hosts = [
        '10.0.0.1',
        '0xa000001',
        '167772161',
        '[::1]',
        '[::ffff:10.0.0.1]',
        '[64:ff9b::a00:1]',
        '100.64.1.1',
      ];
      for (const host of [...hosts, '169.254.169.254', '[fd00:ec2::254]', '１０.0.0.1']) {
        const refused = await tenant.request<{ code: string }>('POST', '/v1/webhooks', {
          body: { url: `http://${host}/` },
        });
        expect([refused.status, refused.body.code], host).toEqual([400, 'BAD_WEBHOOK_URL']);
      }
      for (const url of ['https://user:secret@example.com/', 'ftp://example.com/', 'http://example.com:25/']) {
        expect((await tenant.request('POST', '/v1/webhooks', { body: { url } })).status, url).toBe(400);
      }
      await scene.hook({ url: 'https://example.com/hook', instances: ['ins_of_nobody'] });
    },
  },
  {
    name: 'test_endpoint_header_key_capitalization',
    ours: 'Custom headers arrive whatever their case; those of HTTP and of signatures are refused in any case',
    run: async (scene) => {
      const hook = await scene.hook({ headers: { 'X-Shop-Key': 'Kept As It Is' } });
      await scene.number.hear('capital');
      expect((await hook.came('capital')).headers['x-shop-key']).toBe('Kept As It Is');
      for (const name of ['Webhook-Id', 'WEBHOOK-SIGNATURE', 'Content-Length', 'Host']) {
        const refused = await scene.number.tenant.request<{ code: string }>('POST', '/v1/webhooks', {
          body: { url: hook.webhook.url, headers: { [name]: 'x' } },
        });
        expect([refused.status, refused.body.code], name).toEqual([400, 'BAD_WEBHOOK_HEADER']);
      }
      const { headers } = await hook.call<WebhookRecord>('GET');
      expect(Object.keys(headers).map((name) => name.toLowerCase())).toEqual(['x-shop-key']);
    },
  },
  {
    name: 'expunge payload and response',
    ours: 'Of a deleted endpoint no event, answer, attempt or dead letter is left',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ status: 500, body: 'an answer to be forgotten' }) });
      await scene.number.hear('forgotten 1', 'forgotten 2');
      await hook.dead();
      expect(await wholeStore(scene)).toContain('an answer to be forgotten');
      await hook.call('DELETE');
      // Counts stay until they expire, and an attempt that was under way may still add to them: they say nothing of events.
      const isCount = (key: string) => /:(stats|delivered|health|alert)(:|$)/.test(key);
      const left = () =>
        scene.store(async (redis) => {
          const keys = await redis.keys(`*{e:${hook.webhook.id}}*`);
          const times = await Promise.all(keys.map((key) => redis.pttl(key)));
          return keys.filter((key, index) => !isCount(key) || (times[index] ?? -1) === -1);
        });
      await eventually(
        async () => {
          const found = await left();
          if (found.length > 0) throw new Error(`There is ${found.join(', ')}`);
          return true;
        },
        { timeoutMs: 20_000 },
      );
      expect(await wholeStore(scene)).not.toContain('an answer to be forgotten');
    },
  },
];
