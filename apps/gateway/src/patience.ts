import type { FastifyReply } from 'fastify';

/**
 * Aborted when it makes no sense to keep a request waiting: its client has gone, or the gateway is closing.
 * @param closing of `Parts`
 */
export function patience(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}
