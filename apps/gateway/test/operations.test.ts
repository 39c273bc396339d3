import { fleetKeys } from '@flotilla/contracts';
import { createQueues } from '@flotilla/queue';
import { connectRedis, ready } from '@flotilla/redis';
import { describe, expect } from 'vitest';
import { clientOf, gatewayTest } from './gateway.ts';

describe('operations', () => {
  gatewayTest('the gateway is healthy, and ready also without any worker', async ({ app, redis }) => {
    const probe = clientOf(app);
    expect(await probe('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await probe('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ok', redis: true, workers: 0 },
    });
    await redis.zadd(
      fleetKeys.workers,
      Date.now(),
      'alive-1',
      Date.now() - 1_000,
      'alive-2',
      Date.now() - 60_000,
      'gone',
    );
    expect((await probe('GET', '/readyz')).body.workers).toBe(2);
  });

  gatewayTest('measures requests by route, not by what is in their URLs', async ({ app, send, instance }) => {
    await send('GET', `/v1/instances/${instance}`);
    await send('GET', '/v1/instances/ins_unknown');
    await send('GET', '/somewhere/else');
    const { text, headers } = await clientOf(app)('GET', '/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const line = (name: string, labels: string) =>
      text.split('\n').find((row) => row.startsWith(`${name}{`) && row.includes(labels));
    const route = 'route="/v1/instances/:instance"';
    expect(line('flotilla_http_request_duration_seconds_count', `${route},status="200"`)).toMatch(/ 1$/);
    expect(line('flotilla_http_request_duration_seconds_count', `${route},status="404"`)).toMatch(/ 1$/);
    expect(line('flotilla_http_errors_total', 'code="INSTANCE_NOT_FOUND"')).toMatch(/ 1$/);
    expect(line('flotilla_instances', '')).toMatch(/ 1$/);
    expect(line('flotilla_queue_jobs', 'queue="connect",state="waiting"')).toMatch(/ 0$/);
    expect(text).not.toContain(instance);
  });

  gatewayTest('says how long the fleet has left something lying', async ({ app, redis, url }) => {
    const connection = connectRedis(url, { name: 'elsewhere', manner: 'prompt' });
    await ready(connection);
    const queues = createQueues({ connection });
    const ago = Date.now() - 60_000;
    await redis.zadd(fleetKeys.pending, ago, 'ins_late', Date.now(), 'ins_now');
    await queues.addRelay({ instance: 'ins_a', tenant: 'ten_a' });
    const [id = ''] = await redis.lrange('fl:{relay}:relay:wait', 0, -1);
    await redis.hset(`fl:{relay}:relay:${id}`, 'timestamp', ago);
    const metrics = async () => {
      const { text } = await clientOf(app)('GET', '/metrics');
      const rows = text.split('\n');
      return (start: string) =>
        Number(
          rows
            .find((row) => row.startsWith(start))
            ?.split(' ')
            .at(-1),
        );
    };
    const value = await metrics();
    expect(value('flotilla_commands_overdue_seconds{')).toBeGreaterThan(55);
    expect(value('flotilla_queue_oldest_seconds{queue="relay",state="waiting"')).toBeGreaterThan(55);
    expect(value('flotilla_queue_oldest_seconds{queue="turns",state="delayed"')).toBe(0);
    expect(value('flotilla_loop_idle_seconds{loop="media-sweep"')).toBe(0);
    // What nobody has made a job of counts as well.
    await queues.nudgeRelay({ instance: 'ins_b', tenant: 'ten_a' });
    await redis.zadd(fleetKeys.news, ago * 1_000 - 60_000_000, 'ten_a ins_b');
    connection.disconnect();
    const later = await metrics();
    expect(later('flotilla_queue_oldest_seconds{queue="relay",state="waiting"')).toBeGreaterThan(115);
    expect(later('flotilla_queue_jobs{queue="relay",state="waiting"')).toBe(2);
  });

  gatewayTest("a request keeps its client's id, unless that cannot be one", async ({ app }) => {
    const probe = clientOf(app);
    expect((await probe('GET', '/healthz', undefined, { 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe(
      'abc-1',
    );
    for (const id of ['a b', 'x'.repeat(65), '{"a":1}'])
      expect((await probe('GET', '/healthz', undefined, { 'x-request-id': id })).headers['x-request-id']).toMatch(
        /^[0-9a-f-]{36}$/,
      );
  });
});
