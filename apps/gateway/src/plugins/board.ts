import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Instances } from '@flotilla/instance';
import type { Queues } from '@flotilla/queue';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { createBoardQueues, fleetAdapters, shownInstances } from '../board-queues.ts';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { keyOf, sameSecret } from './access.ts';
import { sendError } from './errors.ts';

export const boardPath = '/admin/queues';

/** Remembers in the browser which instances are shown, because any gateway may answer the next request. */
const cookieName = 'flotilla-board';

const instancesOf = ({ headers }: FastifyRequest): string[] => {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const list = pairs.find(([name]) => name === cookieName)?.[1] ?? '';
  return list.split('.').filter(isIdentifier).slice(-shownInstances);
};

/** The operator key that a request carries: as the password of HTTP Basic, whoever the user, or like any API key. */
function operatorKeyOf(request: FastifyRequest): string | undefined {
  const basic = /^Basic +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return keyOf(request);
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}

/** Browsers send the key along by themselves: nothing that another site makes them ask for may be done. */
const isForged = ({ method, headers }: FastifyRequest) =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  !['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string);

interface BoardOptions {
  queues: Queues;
  instances: Pick<Instances, 'get'>;
  operatorKey: string;
}

/**
 * Bull Board for the operator: the fleet's queues, and with `?instance=<id>` those of an instance.
 * In a scope of its own, because it brings its own error handler, views and static files.
 */
export const queueBoard: FastifyPluginAsync<BoardOptions> = async (app, { queues, instances, operatorKey }) => {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(boardPath);
  const board = createBullBoard({
    queues: fleetAdapters(queues),
    serverAdapter,
    // Lanes are worked on without BullMQ's Worker objects: the board would warn that nobody works on them.
    options: { uiConfig: { boardTitle: 'Flotilla', showWorkers: false } },
  });
  const boardQueues = createBoardQueues(queues, board);

  const show = async (id: string): Promise<string[]> => {
    // Looking must not create anything: an unknown id has no queues.
    const exists = boardQueues.instances().includes(id) || (await instances.get(id)) !== undefined;
    return exists ? boardQueues.show(id) : [];
  };

  app.addHook('onRequest', async (request, reply) => {
    const key = operatorKeyOf(request);
    if (key !== undefined && sameSecret(key, operatorKey) && !isForged(request)) return;
    reply.header('www-authenticate', 'Basic realm="Flotilla operator key", charset="UTF-8"');
    return sendError(apiError(key === undefined ? 'KEY_MISSING' : 'KEY_INVALID'), request, reply);
  });

  app.addHook('preHandler', async (request, reply) => {
    const remembered = instancesOf(request);
    for (const id of remembered) await show(id);
    const { instance } = request.query as { instance?: unknown };
    if (typeof instance !== 'string' || request.method !== 'GET') return;
    const [first] = isIdentifier(instance) ? await show(instance) : [];
    if (first === undefined) return sendError(apiError('INSTANCE_NOT_FOUND', shown(instance)), request, reply);
    const list = [...remembered.filter((id) => id !== instance), instance].slice(-shownInstances).join('.');
    reply.header('set-cookie', `${cookieName}=${list}; Path=${boardPath}; HttpOnly; SameSite=Strict; Max-Age=3600`);
    // From the board's front page straight to the queue; its API answers as it is.
    if (request.url.split('?')[0]?.replace(/\/$/, '') === boardPath)
      return reply.redirect(`${boardPath}/queue/${first}`);
  });

  await app.register(serverAdapter.registerPlugin());
};
