/**
 * The least that takes a message by HTTP: Fastify and ioredis as they are, with the schema of our own route, and one
 * write to Redis for each request. No keys, no tenants, no queue, nothing that is asked of a message twice. Argument: the
 * URL of Redis. Prints its port.
 */
import { randomBytes } from 'node:crypto';
import { commands } from '@flotilla/contracts';
import fastify from 'fastify';
import { Redis } from 'ioredis';

const redis = new Redis(process.argv[2] ?? '');
const app = fastify();
const { body, result } = commands['send.text'];

app.post(
  '/v1/instances/:instance/messages/text',
  { schema: { body, response: { 202: result } } },
  async (request, reply) => {
    const { instance } = request.params as { instance: string };
    const { to, text } = request.body as { to: string; text: string };
    const messageId = randomBytes(10).toString('hex').toUpperCase();
    await redis.hset(`{${instance}}:${messageId}`, { status: 'queued', to, text, at: Date.now() });
    return reply.code(202).send({ messageId, instance, to, status: 'queued' });
  },
);

process.on('SIGTERM', async () => {
  await app.close();
  redis.disconnect();
});
const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
console.log(port);
