import type { EventData } from '@flotilla/contracts';
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { partyOf, userJid } from '../party.ts';
import { isIgnored } from '../policy.ts';
import { event, type ListenContext } from './context.ts';

/** States of a call that say nothing to anybody but the devices that make it. */
const technical: ReadonlySet<string> = new Set(['preaccept', 'transport', 'relaylatency']);

/** Code with which WhatsApp refuses what a restricted number sends to people who do not know it. */
const restricted = '463';
/** So often the server is asked what the restriction is (ms). */
const askAgainMs = 60_000;

/** Calls, and what WhatsApp does to the number. */
export function listenToAccount(context: ListenContext): void {
  const { sock, queue, settings, log } = context;

  sock.ev.on('call', (calls) => {
    for (const call of calls) {
      if (technical.has(call.status)) continue;
      const chat = userJid(call.groupJid ?? call.chatId);
      if (isIgnored(chat, settings)) continue;
      if (settings.rejectCalls && call.status === 'offer' && !call.offline)
        sock.rejectCall(call.id, call.from).catch((error: unknown) => log.debug({ err: error }, 'call.reject-failed'));
      const data = {
        id: call.id,
        chat,
        from: partyOf(call.from, [call.callerPn]),
        status: call.status,
        video: call.isVideo ?? false,
        group: call.isGroup ?? false,
        at: call.date.getTime(),
        offline: call.offline,
      };
      const once = `call|${call.id}|${call.status}`;
      queue.add(({ write }) => write([], [{ ...event('call', data), once }]));
    }
  });

  sock.ev.on('connection.update', ({ reachoutTimeLock: lock }) => {
    if (!lock) return;
    const until = lock.timeEnforcementEnds?.getTime();
    tellRestriction(context, {
      kind: 'reachout-timelock',
      active: lock.isActive ?? false,
      ...(until ? { until } : {}),
      ...(lock.enforcementType ? { type: lock.enforcementType } : {}),
    });
  });

  sock.ev.on('message-capping.update', (cap) => tellRestriction(context, capping(cap)));

  let askedAt = Number.NEGATIVE_INFINITY;
  sock.ws.on('CB:ack,class:message', ({ attrs }: { attrs: Record<string, string> }) => {
    if (attrs.error !== restricted || performance.now() - askedAt < askAgainMs) return;
    askedAt = performance.now();
    tellRestriction(context, { kind: 'reachout-timelock', active: true, type: restricted });
    // What the server says comes as `connection.update`; Baileys asks for it only in a case that never happens.
    sock.fetchAccountReachoutTimelock().catch((error: unknown) => log.debug({ err: error }, 'restriction.not-known'));
  });
}

function capping(cap: BaileysEventMap['message-capping.update']): EventData<'account.restriction'> {
  const until = Number(cap.cycle_end_timestamp ?? 0) * 1_000;
  const number = (value: unknown) => (value === undefined || value === null ? undefined : Number(value));
  return {
    kind: 'new-chat-cap',
    active: cap.capping_status === 'CAPPED',
    ...(until > 0 ? { until } : {}),
    ...(cap.capping_status ? { type: cap.capping_status } : {}),
    used: number(cap.used_quota),
    total: number(cap.total_quota),
  };
}

/** The same restriction is told once, and that there is none only after one. */
function tellRestriction({ queue, told }: ListenContext, restriction: EventData<'account.restriction'>): void {
  queue.add(async ({ write, read }) => {
    const news = await read(() => told.news('account', [restriction], (each) => [each.kind, each]));
    const { fresh, changed, commands } = news;
    const isNews =
      changed.length > 0 || (fresh.length > 0 && (restriction.active || restriction.kind === 'new-chat-cap'));
    await write(commands, isNews ? [event('account.restriction', restriction)] : []);
  });
}
