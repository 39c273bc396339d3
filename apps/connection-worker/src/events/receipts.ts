import { setTimeout as pause } from 'node:timers/promises';
import { instanceKeys } from '@flotilla/contracts';
import type { HistoryWriter } from '@flotilla/history';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { WatchedLoop } from '@flotilla/service';
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import type { WorkerFaultPoints } from '../fault-points.ts';
import type { InstanceStore } from '../instance-store.ts';
import type { ChangeQueue } from './change-queue.ts';
import type { GroupMembers } from './group-members.ts';
import { event } from './listen/context.ts';
import { type Me, partyOf, userJid } from './party.ts';
import { type Receipt, readElsewhere, readReceipt } from './receipt.ts';

export interface ReceiptsOptions {
  redis: Redis;
  store: InstanceStore;
  history: HistoryWriter;
  queue: ChangeQueue;
  members: GroupMembers;
  faults: WorkerFaultPoints;
  loop: WatchedLoop;
  me(): Me | undefined;
  /** Called when a receipt could not be stored. */
  giveUp(): void;
}

/** How long it is remembered who has got or seen a message (ms). */
const keptMs = 7 * 86_400_000;
/** With the guard switched off: how long Baileys takes to acknowledge a receipt, at most (ms). */
const acknowledgedMs = 500;
const ranks: Record<Receipt['status'], number> = { delivered: 1, read: 2, played: 3 };
/** Which field counts those who have come so far. */
const counter = (rank: number) => `#${rank}`;

/**
 * Puts storing a receipt before Baileys' own handling of it, which tells WhatsApp that it has arrived: what is
 * acknowledged and then lost in a crash would never come again.
 *
 * A message to one person has the status that their receipts say. In a group it is `delivered`, `read` or `played` when
 * that holds for every member, as phones show it; who of them it holds for is told one by one.
 */
export function storeReceiptsFirst(sock: WASocket, options: ReceiptsOptions): void {
  const { store, history, queue, members, faults, loop, me, giveUp } = options;

  async function storeShared(receipt: Receipt, participant: string): Promise<void> {
    const { commands, ids } = await newSteps(options, receipt, participant);
    if (ids.length === 0) return;
    const { chat, status, at } = receipt;
    const data = { chat, ids, status, participant: partyOf(participant), at };
    await store.write(commands, [event('message-receipt.update', data)]);
    // Asks the server for the group's size, perhaps: not while a receipt waits for its acknowledgement.
    queue.add(({ read }) => read(() => settleShared(chat, ids)));
  }

  async function settleShared(chat: string, ids: string[]): Promise<void> {
    const { redis } = options;
    const { instance } = store.fence;
    for (const id of ids) {
      const entry = await store.readJournal(id);
      const size = entry && (await members.of(chat))?.size;
      if (!entry || !size) continue;
      const order = ['played', 'read', 'delivered'] as const;
      const counts = await redis.hmget(
        instanceKeys.receipts(instance, id),
        ...order.map((status) => counter(ranks[status])),
      );
      const reached = order.find((_, n) => Number(counts[n] ?? 0) >= size - 1);
      if (reached) await store.advance(entry, reached, { chat });
    }
  }

  async function take(node: BinaryNode): Promise<void> {
    const myself = me();
    const elsewhere = myself && readElsewhere(node, myself);
    if (elsewhere) {
      const chats = [{ jid: elsewhere, unread: 0 }];
      await store.write(history.updateChats(chats), [event('chats.update', { chats })]);
      return;
    }
    const receipt = readReceipt(node);
    if (!receipt) return;
    if (receipt.participant) {
      await storeShared(receipt, receipt.participant);
      return;
    }
    for (const messageId of receipt.messageIds) {
      const entry = await store.readJournal(messageId);
      if (entry) await store.advance(entry, receipt.status, { chat: receipt.chat });
      else await storeOfPhone(messageId, receipt);
    }
  }

  /** A message that another device of this number has sent: the history knows it, if anything does. */
  async function storeOfPhone(id: string, { chat, status, at }: Receipt): Promise<void> {
    const kept = await history.read(id);
    if (!kept?.message.fromMe) return;
    const target = { id, chats: [kept.message.chat, userJid(chat)] };
    const commands = await history.setStatus(target, { status, at });
    const data = { id, chat: kept.message.chat, fromMe: true, status };
    if (commands.length > 0) await store.write(commands, [event('messages.update', data)]);
  }

  const handlers = sock.ws.listeners('CB:receipt');
  sock.ws.removeAllListeners('CB:receipt');
  let turn: Promise<void> = Promise.resolve();
  sock.ws.on('CB:receipt', (node: BinaryNode) => {
    turn = turn.then(async () => {
      if (node.attrs.type === 'retry') faults.reach('crash-before-resend');
      const running = loop.begin();
      const handle = () => {
        for (const handler of handlers) handler.call(sock.ws, node);
      };
      const isAfterAll = faults.off('guard-off-receipts-first');
      try {
        if (isAfterAll) {
          handle();
          await pause(acknowledgedMs);
        } else await take(node);
        if (readReceipt(node)) faults.reach('crash-between-receipt-and-ack');
        if (isAfterAll) await take(node);
      } catch {
        giveUp(); // not stored, so not to be acknowledged: it comes again with the next login
        return;
      } finally {
        running.end();
      }
      if (!isAfterAll) handle();
    });
  });
}

/** Which messages a receipt takes further for its participant, and the commands that note it. */
async function newSteps({ redis, store }: ReceiptsOptions, { messageIds, status }: Receipt, participant: string) {
  const { instance } = store.fence;
  const rank = ranks[status];
  const commands: RedisCommand[] = [];
  const ids: string[] = [];
  for (const id of messageIds) {
    const key = instanceKeys.receipts(instance, id);
    const before = Number((await redis.hget(key, participant)) ?? 0);
    if (rank <= before) continue;
    ids.push(id);
    commands.push({ command: 'hset', key, args: [participant, rank] });
    for (let each = before + 1; each <= rank; each += 1)
      commands.push({ command: 'hincrby', key, args: [counter(each), 1] });
    commands.push({ command: 'pexpire', key, args: [keptMs] });
  }
  return { commands, ids };
}
