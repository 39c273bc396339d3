import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Aborted when the client goes away before it has its answer: what it was sending must not be waited for.
 * @param source is destroyed then, so that nobody reads from it for ever
 */
export function uploadSignal(reply: FastifyReply, source?: Readable): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (reply.raw.writableFinished) return;
    const reason = new Error('The client went away');
    gone.abort(reason);
    source?.destroy(reason);
  });
  return gone.signal;
}
