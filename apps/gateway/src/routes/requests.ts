import { createHmac, randomBytes } from 'node:crypto';
import {
  type RequestInput,
  type RequestName,
  type RequestResult,
  type RequestSpec,
  requests,
} from '@flotilla/contracts';
import { acceptRequest, forgetRequest, type RequestState, readRequest } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { withAddresses } from '../addresses.ts';
import { apiError } from '../errors.ts';
import { fingerprint, idempotencyKey } from '../idempotency.ts';
import { findInstance, InstanceParams, stateInWords } from '../instance-view.ts';
import { fileErrors, settleMedia, takesFiles } from '../media-input.ts';
import { checkOf } from '../number-check.ts';
import type { Parts, Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { multipartBodies } from '../plugins/multipart.ts';

/** How long WhatsApp is given to answer (ms). */
const patienceMs = 25_000;
/** How long the answer is kept (ms); with an idempotency key, so that repeating the request gives the same answer. */
const keepMs = 120_000;
const keepKeyedMs = 86_400_000;

const RequestHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer',
    }),
  ),
});

/** The id of a request; with an idempotency key the same for every repetition. */
function requestId(instance: string, key: string | undefined): string {
  const digest =
    key === undefined
      ? randomBytes(12).toString('hex')
      : createHmac('sha256', 'flotilla request id').update(`${instance}\n${key}`).digest('hex').slice(0, 24);
  return `req_${digest}`;
}

/** Asks the worker that holds the instance, and waits for what it says. */
async function ask(parts: Parts, name: RequestName, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { redis, queues, changes, closing } = parts;
  const { instance: named, ...params } = request.params as Static<typeof InstanceParams>;
  const instance = await findInstance(parts, request, named);
  const { id } = instance;
  const given = withAddresses({ ...params, ...(request.query as object), ...(request.body as object | undefined) });
  const { state } = instance.status;
  if (!instance.paired) throw apiError('INSTANCE_NOT_PAIRED', stateInWords(instance));
  if (instance.desired !== 'connected' || state === 'closed')
    throw apiError('INSTANCE_NOT_CONNECTED', stateInWords(instance));

  // Only now: what is refused anyway shall store no files.
  const { input, answer } = adapt(name, await settleMedia(parts.media, instance.tenant, given));
  // Whoever only looks repeats it as they like, and gets what is true then.
  const key = requests[name].method === 'GET' ? undefined : idempotencyKey(request.headers['idempotency-key']);
  const askedId = requestId(id, key);
  const now = Date.now();
  const job = {
    name,
    requestId: askedId,
    input,
    acceptedAt: now,
    keepMs: key === undefined ? keepMs : keepKeyedMs,
  };
  const accepted = await acceptRequest(redis, {
    instance: id,
    requestId: askedId,
    fingerprint: fingerprint(name, input),
    waitMs: patienceMs,
    keepMs: job.keepMs,
  });
  if (accepted === 'conflict') throw apiError('IDEMPOTENCY_KEY_REUSED');
  const answered = async () => settledOf(await readRequest(redis, id, askedId));
  let settled = accepted === 'known' ? await answered() : undefined;
  if (settled) reply.header('idempotency-replayed', 'true');
  else {
    const leave = parts.asking.take(id);
    if (!leave) throw apiError('TOO_MANY_REQUESTS', `${parts.asking.most} requests to this instance`);
    try {
      await queues.addRequest(id, job);
      await queues.rouse(id, 'requested');
      settled = await changes.waitFor(id, answered, { timeoutMs: patienceMs, signal: patience(reply, closing) });
    } finally {
      leave();
    }
  }
  if (!settled) throw apiError('REQUEST_TIMEOUT', askedId);
  if (key === undefined)
    forgetRequest(redis, id, askedId).catch((error: Error) =>
      request.log.debug({ cause: error.message }, 'request.not-forgotten'),
    );
  if (settled.status === 'failed') throw apiError(settled.error.code, ...settled.error.details);
  return answer(settled.result);
}

/** What the worker is asked, and what its answer becomes: for most requests they are the same. */
function adapt(name: RequestName, input: Record<string, unknown>): { input: object; answer(result: unknown): unknown } {
  if (name !== 'contacts.check') return { input, answer: (result) => result };
  const check = checkOf(input as RequestInput<'contacts.check'>);
  return { input: check.input, answer: (result) => check.answer(result as RequestResult<'contacts.check'>) };
}

const settledOf = (state: RequestState | undefined) =>
  state?.status === 'done' || state?.status === 'failed' ? state : undefined;

/** One route for each request of contracts. */
export const requestRoutes: Routes = async (app, parts) => {
  await app.register(multipartBodies, { media: parts.media });
  for (const [name, spec] of Object.entries(requests) as [RequestName, RequestSpec][]) {
    const isForFiles = spec.body !== undefined && takesFiles(spec.body);
    app.route({
      method: spec.method,
      url: `/v1/instances/:instance${spec.path}`,
      ...(isForFiles ? { bodyLimit: parts.inlineBodyBytes } : {}),
      config: {
        access: spec.access,
        takesFiles: isForFiles,
        errors: [
          'VALIDATION',
          'INSTANCE_NOT_FOUND',
          'INSTANCE_NOT_PAIRED',
          'INSTANCE_NOT_CONNECTED',
          'REFUSED_BY_WHATSAPP',
          'OUTCOME_UNKNOWN',
          'REQUEST_TIMEOUT',
          'ANSWER_TOO_LARGE',
          ...(spec.method === 'GET' ? [] : (['IDEMPOTENCY_KEY_REUSED'] as const)),
          ...(isForFiles ? fileErrors : []),
          ...(spec.errors ?? []),
        ],
      },
      schema: {
        operationId: name.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()),
        tags: [spec.tag],
        summary: spec.summary,
        ...(spec.description ? { description: spec.description } : {}),
        params: Type.Object({ ...InstanceParams.properties, ...spec.params?.properties }),
        ...(spec.method === 'GET' ? {} : { headers: RequestHeaders }),
        ...(spec.query ? { querystring: spec.query } : {}),
        ...(spec.body ? { body: spec.body } : {}),
        response: { 200: spec.result },
      },
      // Nothing but optional fields may as well be left out altogether.
      preValidation: async (request) => {
        if (spec.body && !spec.body.required?.length) request.body ??= {};
      },
      handler: async (request, reply) => reply.send(await ask(parts, name, request, reply)),
    });
  }
};
