import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { createKeyRing } from '@flotilla/seal';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { authFolder } from './auth-folder.ts';
import { asWorker, clientOf, config, gatewayTest, newTenant } from './gateway.ts';

const secret = 'c2VjcmV0LW9mLW1pbmU';

describe('importing an auth folder', () => {
  gatewayTest('is refused with the file and the reason, before anything is written', async ({ send, redis }) => {
    const before = await redis.dbsize();
    const cases: [Record<string, string>, string][] = [
      [{}, 'creds.json: is missing'],
      [{ 'creds.json': `{"${secret}"` }, 'creds.json: is no JSON'],
      [{ 'creds.json': `{"noiseKey":"${secret}"}` }, 'creds.json: noiseKey is missing'],
      [{ 'Default/Preferences': secret }, 'whatsapp-web.js'],
    ];
    for (const [files, reason] of cases) {
      const { status, body, text } = await send('POST', '/v1/instances/import', { name: 'Shop', files });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'AUTH_FOLDER_REFUSED' });
      expect(body.message).toContain(reason);
      expect(text).not.toContain(secret);
    }
    const wrongType = await send('POST', '/v1/instances/import', { files: { 'creds.json': {} } });
    expect(wrongType.status).toBe(400);
    expect((await send('POST', '/v1/instances/import', { name: 'Shop' })).status).toBe(400);
    expect(await redis.dbsize()).toBe(before);
    expect((await send('GET', '/v1/instances')).body.items).toEqual([]);
  });

  gatewayTest('takes a form with the files', async ({ app, tenant }) => {
    const form = new FormData();
    form.append('name', 'Shop');
    form.append('files', new File([`{"noiseKey":"${secret}"}`], 'creds.json'));
    form.append('files', new File(['{}'], 'session-1.0.json'));
    const body = new Response(form);
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/instances/import',
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': body.headers.get('content-type') ?? '' },
      payload: Buffer.from(await body.arrayBuffer()),
    });
    expect(answer.json()).toMatchObject({ statusCode: 422, code: 'AUTH_FOLDER_REFUSED' });
    expect(answer.json().message).toContain('creds.json: noiseKey is missing');
  });

  gatewayTest('needs a key with the scope, and an instance of the tenant that is not paired', async ({ app, send }) => {
    const reader = await newTenant(app, ['instances:read']);
    expect((await reader.send('POST', '/v1/instances/import', { files: {} })).status).toBe(403);
    expect((await clientOf(app)('POST', '/v1/instances/import', { files: {} })).status).toBe(401);
    expect((await send('POST', '/v1/instances/ins_other/import', { files: {} })).body.code).toBe('INSTANCE_NOT_FOUND');
  });

  gatewayTest(
    'lays the keys aside, sealed for their place, and answers when they are stored',
    async ({ send, redis }) => {
      const { files, secrets } = authFolder();
      const answer = send('POST', '/v1/instances/import', { files });
      const [staging = ''] = await eventually(async () => {
        const found = await redis.keys('fl:{ins_*}:import:*');
        return found.length > 0 && found;
      });
      const id = /\{(\w+)\}/.exec(staging)?.[1] ?? '';
      await eventually(() => redis.exists(`${instanceKeys.queuePrefix(id)}:control:id`));
      const text = await everything(redis);
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(await redis.pttl(staging)).toBeGreaterThan(60_000);
      expect(await redis.exists(instanceKeys.authState(id))).toBe(0);
      const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
      const sealed = await redis.hgetallBuffer(staging);
      const opened = Object.entries(sealed).map(([field, value]) => [
        field,
        String(keyRing.open(value, `${id}:${field}`)),
      ]);
      expect(Object.fromEntries(opened)).toEqual({
        creds: files['creds.json'],
        'pre-key:1': files['pre-key-1.json'],
        'meta:max-pre-key-id': '1',
      });

      const [request = ''] = await redis.keys(`fl:{${id}}:req:*`);
      await redis.hset(request, 'status', 'done', 'result', 'null');
      await asWorker(redis, id, { paired: true });
      const { status, body } = await answer;
      expect({ status, id: body.id, name: body.name, paired: body.paired }).toEqual({
        status: 201,
        id,
        name: 'Flowers',
        paired: true,
      });
      expect((await send('POST', `/v1/instances/${id}/import`, { files })).body.code).toBe('ALREADY_PAIRED');
    },
  );

  gatewayTest('takes everything back if the worker refuses', async ({ send, redis }) => {
    const { files } = authFolder();
    const answer = send('POST', '/v1/instances/import', { files, alias: 'shop' });
    const [request = ''] = await eventually(async () => {
      const found = await redis.keys('fl:{ins_*}:req:*');
      return found.length > 0 && found;
    });
    const error = { code: 'DEVICE_IN_USE', details: ['another instance'] };
    await redis.hset(request, 'status', 'failed', 'error', JSON.stringify(error));
    const { status, body } = await answer;
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'DEVICE_IN_USE' });
    expect(await redis.keys('fl:{ins_*}:import:*')).toEqual([]);
    expect((await send('GET', '/v1/instances/shop')).status).toBe(404);
    expect((await send('GET', '/v1/instances')).body.items).toEqual([]);
  });
});

/** Whatever Redis holds in hashes, lists and strings: queues, records, journals. */
async function everything(redis: Redis): Promise<string> {
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    texts.push(key);
    if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
    if (type === 'list') texts.push(JSON.stringify(await redis.lrange(key, 0, -1)));
    if (type === 'string') texts.push((await redis.get(key)) ?? '');
  }
  return texts.join('\n');
}
