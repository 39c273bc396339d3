import { describe, expect } from 'vitest';
import { clientOf, gatewayTest, newTenant } from './gateway.ts';

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
});
