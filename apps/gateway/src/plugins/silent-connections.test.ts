import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { silentConnections } from './silent-connections.ts';

/** Longest time that closing may take here (ms). Node itself would wait for a minute. */
const closingMs = 10_000;

describe('closing', { timeout: 30_000 }, () => {
  it('does not wait for a connection on which nothing was asked, and answers what was', async () => {
    const app = fastify();
    await app.register(silentConnections);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    app.get('/slow', async (_request, reply) => {
      begin();
      await released;
      return reply.header('connection', 'close').send({ late: true });
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const answer = fetch(`http://127.0.0.1:${port}/slow`);
    await begun;

    const closed = app.close();
    await once(silent, 'close');
    release();
    expect(await (await answer).json()).toEqual({ late: true });
    const late = new Promise((resolve) => setTimeout(() => resolve('too late'), closingMs).unref());
    expect(await Promise.race([closed.then(() => 'closed'), late])).toBe('closed');
  });
});
