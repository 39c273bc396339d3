import { messageId } from '@flotilla/contracts';
import { describe, expect } from 'vitest';
import { asWorker, gatewayTest, journal, newTenant } from './gateway.ts';

const hello = { to: '+1 415 555 0123', text: 'Hello' };

describe('sends', () => {
  gatewayTest(
    'an accepted one is answered with its id, journalled, queued, and somebody is called',
    async ({ send, instance, redis }) => {
      await asWorker(redis, instance, { paired: true, status: { state: 'backing-off', since: 1 } });
      await send('POST', `/v1/instances/${instance}/connect`);
      const before = Date.now();
      const { status, body } = await send('POST', `/v1/instances/${instance}/messages/text`, { ...hello, ttl: 60 });
      expect(status).toBe(202);
      expect(body).toEqual({
        messageId: expect.stringMatching(/^3EB0[0-9A-F]{18}$/),
        instance,
        to: '14155550123@s.whatsapp.net',
        status: 'queued',
      });
      const job = JSON.parse((await redis.hget(`fl:{${instance}}:commands:${body.messageId}`, 'data')) ?? '');
      expect(job).toEqual({
        name: 'send.text',
        messageId: body.messageId,
        body: { to: '14155550123@s.whatsapp.net', text: 'Hello' },
        acceptedAt: expect.any(Number),
        expiresAt: job.acceptedAt + 60_000,
      });
      expect(job.acceptedAt).toBeGreaterThanOrEqual(before);
      expect(await redis.llen('fl:{connect}:connect:wait')).toBe(1);
      expect((await send('GET', `/v1/instances/${instance}/messages/${body.messageId}`)).body).toEqual({
        messageId: body.messageId,
        instance,
        command: 'send.text',
        to: '14155550123@s.whatsapp.net',
        status: 'queued',
        history: [{ status: 'queued', at: job.acceptedAt }],
      });
    },
  );

  gatewayTest(
    'an instance that was never paired or was logged out answers 409 with its state and the cure',
    async ({ send, instance, redis }) => {
      const path = `/v1/instances/${instance}/messages/text`;
      expect(await send('POST', path, hello)).toMatchObject({
        status: 409,
        body: { code: 'INSTANCE_NOT_PAIRED', message: expect.stringMatching(/is new: link it with a QR code/) },
      });
      await asWorker(redis, instance, { paired: false, status: { state: 'closed', reason: 'logged-out', since: 1 } });
      expect((await send('POST', path, hello)).body).toMatchObject({
        code: 'INSTANCE_NOT_PAIRED',
        message: expect.stringMatching(/closed \(logged-out\)/),
      });
      expect(await redis.exists(`fl:{${instance}}:commands:wait`)).toBe(0);
    },
  );

  gatewayTest('an instance that is paired but offline or stopped accepts', async ({ send, instance, redis }) => {
    for (const state of ['connecting', 'backing-off', 'closed'] as const) {
      const reason = state === 'closed' ? 'stopped' : undefined;
      await asWorker(redis, instance, { paired: true, status: { state, reason, since: 1 } });
      expect((await send('POST', `/v1/instances/${instance}/messages/text`, hello)).status).toBe(202);
    }
  });

  gatewayTest('a recipient that is none is refused with the reason', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    for (const [to, reason] of [
      ['bob', 'contains letters'],
      ['+49 12', 'too short'],
      ['+1 415 555 0123 456789', 'too long'],
      ['0170 1234567', 'country code'],
      ['x@example.com', 'cannot be written to'],
    ] as const)
      expect((await send('POST', `/v1/instances/${instance}/messages/text`, { to, text: 'x' })).body).toMatchObject({
        statusCode: 400,
        code: 'BAD_RECIPIENT',
        message: expect.stringMatching(new RegExp(`^to: .*${reason}`)),
      });
  });

  gatewayTest('the same idempotency key gives the same message, queued once', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    const path = `/v1/instances/${instance}/messages/text`;
    const first = await send('POST', path, hello, { 'idempotency-key': 'order-1' });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(first.body.messageId).toBe(messageId(instance, 'order-1'));

    const reordered = { text: hello.text, to: hello.to };
    const quoted = await send('POST', path, reordered, { 'idempotency-key': '"order-1"' });
    expect(quoted).toMatchObject({ status: 202, body: first.body });
    expect(quoted.headers['idempotency-replayed']).toBe('true');
    expect(await redis.llen(`fl:{${instance}}:commands:wait`)).toBe(1);

    for (const other of [
      { ...hello, text: 'Bye' },
      { ...hello, to: '+49 170 1234567' },
      { ...hello, ttl: 5 },
    ])
      expect((await send('POST', path, other, { 'idempotency-key': 'order-1' })).body).toMatchObject({
        statusCode: 422,
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    expect(await redis.llen(`fl:{${instance}}:commands:wait`)).toBe(1);
    const without = await send('POST', path, hello);
    expect(without.body.messageId).not.toBe(first.body.messageId);
  });

  gatewayTest('a replay adds the job again if it is not there any more', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    const path = `/v1/instances/${instance}/messages/text`;
    const { body } = await send('POST', path, hello, { 'idempotency-key': 'k' });
    // As if Redis had lost its latest writes.
    await redis.del(`fl:{${instance}}:commands:wait`, `fl:{${instance}}:commands:${body.messageId}`);
    const replay = await send('POST', path, hello, { 'idempotency-key': 'k' });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(await redis.lrange(`fl:{${instance}}:commands:wait`, 0, -1)).toEqual([body.messageId]);
  });

  gatewayTest(
    'those that come at the same time keep their order, and each goes its own way',
    async ({ send, instance, redis, app }) => {
      await asWorker(redis, instance, { paired: true });
      const other = (await send('POST', '/v1/instances', { name: 'Sales' })).body.id as string;
      const path = `/v1/instances/${instance}/messages/text`;
      const thief = await newTenant(app);
      const many = Array.from({ length: 120 }, (_, n) => ({ ...hello, text: `${n}` }));
      const [sent, again, conflict, unpaired, stolen] = await Promise.all([
        Promise.all(many.map((body) => send('POST', path, body, { 'idempotency-key': body.text }))),
        send('POST', path, many[7], { 'idempotency-key': '7' }),
        send('POST', path, many[7], { 'idempotency-key': '8' }),
        send('POST', `/v1/instances/${other}/messages/text`, hello),
        thief.send('POST', path, hello),
      ]);
      expect(sent.map(({ status }) => status)).toEqual(many.map(() => 202));
      expect(again).toMatchObject({ status: 202, body: sent[7]?.body, headers: { 'idempotency-replayed': 'true' } });
      expect(conflict.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
      expect(unpaired.body.code).toBe('INSTANCE_NOT_PAIRED');
      expect(stolen).toMatchObject({ status: 404, body: { code: 'INSTANCE_NOT_FOUND' } });
      const queued = await redis.lrange(`fl:{${instance}}:commands:wait`, 0, -1);
      expect(queued.reverse()).toEqual(sent.map(({ body }) => body.messageId));
      expect(await redis.zrange('fl:pending', 0, '-1')).toEqual([instance]);
    },
  );

  gatewayTest('one for a foreign or unknown instance leaves nothing behind', async ({ send, app, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    const thief = await newTenant(app);
    const before = (await redis.keys('*')).sort();
    for (const name of [instance, 'ins_unknown', 'unknown'])
      expect((await thief.send('POST', `/v1/instances/${name}/messages/text`, hello)).body.code).toBe(
        'INSTANCE_NOT_FOUND',
      );
    expect((await redis.keys('*')).sort()).toEqual(before);
    await send('DELETE', `/v1/instances/${instance}`);
    expect((await send('POST', `/v1/instances/${instance}/messages/text`, hello)).body.code).toBe('INSTANCE_NOT_FOUND');
    expect(await redis.exists(`fl:{${instance}}:commands:wait`)).toBe(0);
  });

  gatewayTest(
    'a replay tells what has become of the message, also after a logout, and adds nothing',
    async ({ send, instance, redis }) => {
      await asWorker(redis, instance, { paired: true });
      const path = `/v1/instances/${instance}/messages/text`;
      const { body } = await send('POST', path, hello, { 'idempotency-key': 'k' });
      await journal(redis, instance, body.messageId, { status: 'delivered', 'at:acked': 5, 'at:delivered': 6 });
      await redis.del(`fl:{${instance}}:commands:wait`, `fl:{${instance}}:commands:${body.messageId}`);
      await asWorker(redis, instance, { paired: false, status: { state: 'closed', reason: 'logged-out', since: 1 } });
      const replay = await send('POST', path, hello, { 'idempotency-key': 'k' });
      expect(replay).toMatchObject({ status: 202, body: { messageId: body.messageId, status: 'delivered' } });
      expect(await redis.exists(`fl:{${instance}}:commands:wait`)).toBe(0);
      const fresh = await send('POST', path, hello, { 'idempotency-key': 'another' });
      expect(fresh.body.code).toBe('INSTANCE_NOT_PAIRED');
    },
  );

  gatewayTest('an idempotency key must have 1 to 255 characters', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    const path = `/v1/instances/${instance}/messages/text`;
    for (const key of ['""', 'x'.repeat(256), `"${'x'.repeat(256)}"`])
      expect((await send('POST', path, hello, { 'idempotency-key': key })).body).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringMatching(/^headers\/idempotency-key: /),
      });
    expect((await send('POST', path, hello, { 'idempotency-key': `"${'x'.repeat(255)}"` })).status).toBe(202);
  });

  gatewayTest('a client that prefers to wait gets the outcome, good or bad', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { paired: true });
    const path = `/v1/instances/${instance}/messages/text`;
    const settle = (key: string, fields: Record<string, string | number>) =>
      setTimeout(() => journal(redis, instance, messageId(instance, key), fields), 300);

    const acked = send('POST', path, hello, { prefer: 'wait=20', 'idempotency-key': 'a' });
    settle('a', { status: 'acked', 'at:acked': 7 });
    expect(await acked).toMatchObject({
      status: 200,
      body: { status: 'acked' },
      headers: { 'preference-applied': 'wait=20' },
    });

    const failed = send('POST', path, hello, { prefer: 'respond-async, wait=20', 'idempotency-key': 'f' });
    const error = JSON.stringify({ code: 'refused', message: 'WhatsApp refuses it', whatsappCode: 463 });
    settle('f', { status: 'failed', 'at:failed': 7, error });
    expect(await failed).toMatchObject({
      status: 200,
      body: { status: 'failed', error: 'refused: WhatsApp refuses it' },
    });

    const tooLong = await send('POST', path, hello, { prefer: 'wait=1' });
    expect(tooLong).toMatchObject({ status: 202, body: { status: 'queued' } });
    for (const prefer of ['wait=soon', 'return=minimal', 'wait=-1', ''])
      expect((await send('POST', path, hello, { prefer })).status).toBe(202);
  });

  gatewayTest('a message that nobody sent is not found', async ({ send, instance }) => {
    for (const id of ['3EB0000000000000000000', 'x}', 'a b'])
      expect((await send('GET', `/v1/instances/${instance}/messages/${encodeURIComponent(id)}`)).body).toMatchObject({
        statusCode: 404,
        code: 'MESSAGE_NOT_FOUND',
      });
  });
});

describe('a file of a request that is refused anyway', () => {
  gatewayTest('is not stored', async ({ send, instance, redis }) => {
    const media = { base64: Buffer.from('a picture').toString('base64'), mimeType: 'image/png' };
    const image = (to: string) => send('POST', `/v1/instances/${instance}/messages/image`, { to, media });
    expect((await image('+1 415 555 0123')).body.code).toBe('INSTANCE_NOT_PAIRED');
    const picture = await send('PUT', `/v1/instances/${instance}/profile/picture`, { media });
    expect(picture.body.code).toBe('INSTANCE_NOT_PAIRED');
    await asWorker(redis, instance, { paired: true });
    expect((await image('Ann')).body.code).toBe('BAD_RECIPIENT');
    expect(await redis.exists('fl:media-usage')).toBe(0);
    expect((await image('+1 415 555 0123')).status).toBe(202);
    expect(await redis.exists('fl:media-usage')).toBe(1);
  });
});
