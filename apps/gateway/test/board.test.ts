import { createQueues } from '@flotilla/queue';
import { describe, expect } from 'vitest';
import { asWorker, clientOf, gatewayTest, operatorKey } from './gateway.ts';

const basic = (password: string, user = 'anyone') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

interface ShownQueue {
  name: string;
  jobs: { data: unknown }[];
  readOnlyMode: boolean;
}

describe('the queue board', () => {
  gatewayTest('opens with the operator key only', async ({ app, tenant }) => {
    const board = clientOf(app);
    const refused = await board('GET', '/admin/queues');
    expect(refused).toMatchObject({ status: 401, body: { code: 'KEY_MISSING' } });
    expect(refused.headers['www-authenticate']).toMatch(/^Basic /);
    for (const path of [
      '/admin/queues',
      '/admin/queues/',
      '/admin/queues/api/queues',
      '/admin/queues/static/favicon-32x32.png',
    ]) {
      for (const headers of [
        {},
        basic('wrong'),
        basic(tenant.key),
        { 'x-api-key': tenant.key },
        { authorization: 'Basic !' },
      ])
        expect((await board('GET', path, undefined, headers as Record<string, string>)).status).toBe(401);
      for (const headers of [basic(operatorKey), basic(operatorKey, ''), { authorization: `Bearer ${operatorKey}` }])
        expect((await board('GET', path, undefined, headers)).status).toBe(200);
    }
  });

  gatewayTest(
    "shows the fleet's queues, and an instance's on demand without texts and numbers",
    async ({ app, send, instance, redis }) => {
      await asWorker(redis, instance, { paired: true });
      await send('POST', `/v1/instances/${instance}/messages/text`, { to: '+1 415 555 0123', text: 'top secret' });
      await createQueues({ connection: redis }).addControl(instance, {
        name: 'pairing-code',
        phone: '4917012345678',
        requestId: 'r',
      });
      const board = clientOf(app, operatorKey);
      const queues = async (path: string, headers = {}): Promise<ShownQueue[]> =>
        (await board('GET', `/admin/queues/api/queues${path}`, undefined, headers)).body.queues;
      expect((await queues('')).map(({ name }) => name)).toEqual([
        'fleet.connect',
        'fleet.relay',
        'fleet.turns',
        'fleet.replays',
      ]);

      const opened = await board('GET', `/admin/queues?instance=${instance}`);
      expect(opened).toMatchObject({ status: 302, headers: { location: `/admin/queues/queue/${instance}.commands` } });
      const shown = await queues(`?activeQueue=${instance}.commands`);
      const commands = shown.find(({ name }) => name === `${instance}.commands`);
      expect(commands).toMatchObject({
        readOnlyMode: true,
        jobs: [{ name: 'send.text', data: { name: 'send.text', body: '[redacted]' } }],
      });
      expect(JSON.stringify(shown)).not.toMatch(/top secret|14155550123/);
      const control = JSON.stringify(await queues(`?activeQueue=${instance}.control`));
      expect(control).toContain('"requestId":"r"');
      expect(control).not.toContain('4917012345678');
    },
  );

  gatewayTest(
    'remembers in the browser what it shows, so that any gateway can answer',
    async ({ app, send, instance }) => {
      const board = clientOf(app, operatorKey);
      const other = (await send('POST', '/v1/instances', { name: 'other' })).body.id;
      const answer = await board('GET', '/admin/queues/api/queues', undefined, {
        cookie: `a=b; flotilla-board=${other}.${instance}`,
      });
      const names = answer.body.queues.map(({ name }: ShownQueue) => name);
      expect(names).toEqual(expect.arrayContaining([`${instance}.commands`, `${other}.control`]));
      const opened = await board('GET', `/admin/queues?instance=${instance}`, undefined, {
        cookie: `flotilla-board=${other}`,
      });
      expect(opened.headers['set-cookie']).toMatch(new RegExp(`^flotilla-board=${other}\\.${instance};.*HttpOnly`));
    },
  );

  gatewayTest(
    'shows a bounded number of instances, and creates nothing for unknown ones',
    async ({ app, send, redis }) => {
      const board = clientOf(app, operatorKey);
      const ids: string[] = [];
      for (let n = 0; n < 12; n += 1) ids.push((await send('POST', '/v1/instances', { name: `${n}` })).body.id);
      for (const id of ids) expect((await board('GET', `/admin/queues?instance=${id}`)).status).toBe(302);
      const { queues } = (await board('GET', '/admin/queues/api/queues')).body;
      expect(queues).toHaveLength(4 + 3 * 10);
      expect(queues.map(({ name }: ShownQueue) => name)).not.toContain(`${ids[0]}.commands`);

      expect((await board('GET', '/admin/queues?instance=ins_unknown')).body.code).toBe('INSTANCE_NOT_FOUND');
      expect((await board('GET', '/admin/queues?instance=a%7Db')).body.code).toBe('INSTANCE_NOT_FOUND');
      expect(await redis.keys('*ins_unknown*')).toEqual([]);
    },
  );

  gatewayTest('does nothing that another site asks for', async ({ app }) => {
    const board = clientOf(app, operatorKey);
    const pause = '/admin/queues/api/queues/fleet.connect/pause';
    expect((await board('PUT', pause, undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await board('PUT', pause, undefined, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});
