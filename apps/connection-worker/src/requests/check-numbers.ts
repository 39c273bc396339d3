import { instanceKeys } from '@flotilla/contracts';
import { phoneOf, userJid } from '../events/party.ts';
import { RequestError } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from './handler.ts';

/** How long an answer is kept (ms). */
const keptMs = 86_400_000;
/** Unknown numbers that an instance may look for within an hour, unless its settings say otherwise. */
const checksPerHour = 300;
const hourMs = 3_600_000;

/**
 * `contacts.check`: which numbers are on WhatsApp. Answers are kept for a day, and what is not known is asked for
 * within an hourly budget: who asks for many strangers gets banned.
 * @throws RequestError CHECK_BUDGET_SPENT; nothing was asked then
 */
export const checkNumbers: RequestHandler<'contacts.check'> = async ({ numbers }, context) => {
  const known = await readKnown(context, numbers);
  const unknown = numbers.filter((number) => !known.has(number));
  if (unknown.length > 0) {
    await spend(context, unknown.length);
    for (const [number, jid] of await look(context, unknown)) known.set(number, jid);
  }
  const { lidMapping } = context.sock.signalRepository;
  return {
    results: await Promise.all(
      numbers.map(async (number) => {
        const jid = known.get(number);
        if (!jid) return { number, exists: false };
        const lid = await lidMapping.getLIDForPN(jid).catch(() => null);
        return { number, exists: true, jid, ...(lid ? { lid: userJid(lid) } : {}) };
      }),
    ),
  };
};

/** What earlier checks have found: the JID, or an empty text where there is nobody. */
async function readKnown({ redis, instance }: RequestContext, numbers: string[]): Promise<Map<string, string>> {
  const found = await redis.mget(numbers.map((number) => keyOf(instance, number)));
  return new Map(numbers.flatMap((number, n) => (typeof found[n] === 'string' ? [[number, found[n]]] : [])));
}

const keyOf = (instance: string, number: string) => instanceKeys.checkedNumber(instance, phoneOf(number) ?? number);

async function spend({ redis, instance, settings }: RequestContext, count: number): Promise<void> {
  const key = instanceKeys.checks(instance);
  const most = settings.checksPerHour ?? checksPerHour;
  const replies = await redis.multi().incrby(key, count).pexpire(key, hourMs, 'NX').pttl(key).exec();
  if (Number(replies?.[0]?.[1]) <= most) return;
  await redis.decrby(key, count);
  throw new RequestError('CHECK_BUDGET_SPENT', String(Math.ceil(Number(replies?.[2]?.[1]) / 1_000)));
}

/** Asks WhatsApp in one query, and keeps what it says. */
async function look({ sock, redis, instance }: RequestContext, numbers: string[]): Promise<Map<string, string>> {
  const answers = await sock.onWhatsApp(...numbers);
  if (!answers) throw new RequestError('REFUSED_BY_WHATSAPP', 'it gave no answer');
  const exists = new Map(answers.map(({ jid, exists: isThere }) => [phoneOf(jid), isThere ? userJid(jid) : '']));
  const found = new Map(numbers.map((number) => [number, exists.get(phoneOf(number)) ?? '']));
  const batch = redis.multi();
  for (const [number, jid] of found) batch.set(keyOf(instance, number), jid, 'PX', keptMs);
  await batch.exec();
  return found;
}
