import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { apiError } from '../errors.ts';
import { createPlaces, type LeavePlace } from '../places.ts';

/** So many of the largest JSON bodies may be in memory at a time for one tenant: each takes several times its size. */
const largestBodies = 4;

interface TenantLimits {
  requestsPerTenant: number;
  /** The largest JSON body that any route takes (bytes). */
  inlineBodyBytes: number;
}

/**
 * Keeps one tenant from taking a gateway's connections and memory away from the others: bounds how many of its requests
 * are under way, and the bytes of its JSON bodies. Streams have bounds of their own; files are not held in memory. To be
 * registered behind the access control, which says whose a request is.
 */
export const tenantLimits = fastifyPlugin(
  async (app: FastifyInstance, { requestsPerTenant, inlineBodyBytes }: TenantLimits) => {
    const requests = createPlaces(requestsPerTenant);
    const bodies = createPlaces(largestBodies * inlineBodyBytes);

    const refuse = (reply: FastifyReply, what: string) => {
      // A body that nobody reads must not be taken for the next request.
      reply.header('connection', 'close');
      return apiError('TOO_MANY_REQUESTS', what);
    };

    app.addHook('onRequest', (request, reply, done) => {
      const { holder } = request;
      if (!holder || request.routeOptions.config.takesTickets) return done();
      const leave = requests.take(holder.tenant);
      if (!leave) return done(refuse(reply, `${requestsPerTenant} requests`));
      const bytes = bodyBytes(request);
      const leaveBytes = bytes === 0 ? undefined : bodies.take(holder.tenant, bytes);
      whenOver(reply, () => {
        leave();
        leaveBytes?.();
      });
      if (bytes > 0 && !leaveBytes) return done(refuse(reply, `${bodies.most} bytes of JSON`));
      done();
    });
  },
  { name: 'tenant-limits' },
);

function whenOver({ raw }: FastifyReply, leave: LeavePlace): void {
  // Also after an answer that was finished.
  raw.once('close', leave);
}

/** How much memory the body of a request may need before anybody has looked at it: that of JSON comes in whole. */
function bodyBytes({ headers, routeOptions }: FastifyRequest): number {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return 0;
  const most = routeOptions.bodyLimit ?? 0;
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : most;
  // One that is larger is refused without being read.
  return Math.min(Number(length) || 0, most);
}
