import { type ClientRequest, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { asWorker, newTenant, openGateway } from './gateway.ts';

describe('what one tenant may have under way', () => {
  redisTest('are so many requests, whatever others do', async ({ url }) => {
    const { app, close } = await openGateway(url, { REQUESTS_PER_TENANT: 2 });
    try {
      const [one, other] = [await newTenant(app), await newTenant(app)];
      const { id } = (await one.send('POST', '/v1/instances', { name: 'Support' })).body;
      const waiting = Array.from({ length: 2 }, () => one.send('GET', `/v1/instances/${id}/qr?wait=2`));
      const refused = await eventually(async () => {
        const answer = await one.send('GET', '/v1/instances');
        expect(answer.status).toBe(429);
        return answer;
      });
      expect(refused.body.code).toBe('TOO_MANY_REQUESTS');
      expect(refused.headers['retry-after']).toBe('1');
      expect((await other.send('GET', '/v1/instances')).status).toBe(200);
      await Promise.all(waiting);
      expect((await one.send('GET', '/v1/instances')).status).toBe(200);
    } finally {
      await close();
    }
  });

  redisTest('are so many bytes of JSON; small requests still pass', async ({ url, redis }) => {
    const { app, close } = await openGateway(url, { MAX_INLINE_BODY_BYTES: 200_000 });
    const begun: ClientRequest[] = [];
    try {
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const [one, other] = [await newTenant(app), await newTenant(app)];
      const { id } = (await one.send('POST', '/v1/instances', { name: 'Support' })).body;
      await asWorker(redis, id, { paired: true });
      const begin = (key: string) =>
        new Promise<number>((resolve) => {
          const headers = {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'content-length': 200_000,
          };
          const path = `/v1/instances/${id}/messages/image`;
          const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers });
          sent.on('response', (response) => resolve(response.statusCode ?? 0));
          sent.on('error', () => resolve(0));
          // The body begins and does not go on.
          sent.write('{"to":');
          begun.push(sent);
        });
      const first = Array.from({ length: 4 }, () => begin(one.key));
      await eventually(async () => expect(await Promise.race([begin(one.key), inAMoment()])).toBe(429));
      expect((await one.send('GET', '/v1/instances')).status).toBe(200);
      expect(await Promise.race([begin(other.key), inAMoment()])).toBe('waits');
      for (const sent of begun.splice(0)) sent.destroy();
      expect(await Promise.all(first)).toEqual([0, 0, 0, 0]);
      await eventually(async () => expect(await Promise.race([begin(one.key), inAMoment()])).toBe('waits'));
    } finally {
      for (const sent of begun) sent.destroy();
      await close();
    }
  });
});

const inAMoment = () => new Promise<string>((resolve) => setTimeout(() => resolve('waits'), 500));
