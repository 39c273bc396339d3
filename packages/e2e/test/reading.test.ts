import type { Chat, Contact, LidMapping, StoredMessage } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving } from './receiving.ts';

interface Page<T> {
  items: T[];
  nextCursor?: string;
}

interface Traffic {
  in: { total: number; kinds: Record<string, number> };
  out: { total: number };
  statuses: Record<string, number>;
  last24Hours: { in: number; out: number };
  latest: { in?: number; out?: number };
}

describe('reading what came and went', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);
  const get = <T>(path: string) => running.tenant.call<T>('GET', `/v1/instances/${receiving.it.id}${path}`);
  const messages = (query = '') => get<Page<StoredMessage>>(`/messages${query}`);
  const textsOf = ({ items }: Page<StoredMessage>) => items.map(({ text }) => text);

  it('lists both sides of a conversation, with statuses, by each address of the chat', async () => {
    const { it: mine } = receiving;
    const before = Date.now();
    for (const text of ['one', 'two', 'three']) await mine.arrives({ kind: 'text', text });
    const sent = await running.tenant.sendText(mine.id, `+${mine.ann.phone}`, 'four', { waitSeconds: 20 });
    await running.tenant.waitMessage(mine.id, sent.messageId, 'delivered');

    const all = await messages();
    expect(textsOf(all)).toEqual(['four', 'three', 'two', 'one']);
    expect(all.items[0]).toMatchObject({
      id: sent.messageId,
      direction: 'out',
      fromMe: true,
      kind: 'text',
      status: 'delivered',
      history: [{ status: 'queued' }, { status: 'sending' }, { status: 'acked' }, { status: 'delivered' }],
    });
    expect(all.items[1]).toMatchObject({ direction: 'in', fromMe: false, sender: mine.annParty, chat: mine.chat });
    expect(all.items[1]?.status).toBeUndefined();

    const { nextCursor, ...first } = await messages('?limit=3');
    expect(textsOf(first)).toEqual(['four', 'three', 'two']);
    expect(textsOf(await messages(`?limit=3&cursor=${nextCursor}`))).toEqual(['one']);
    expect(textsOf(await messages('?direction=out'))).toEqual(['four']);
    expect(textsOf(await messages('?status=delivered'))).toEqual(['four']);
    expect(textsOf(await messages('?kind=image'))).toEqual([]);
    expect(textsOf(await messages(`?before=${before - 60_000}`))).toEqual([]);
    for (const chat of [`%2B${mine.ann.phone}`, mine.chat, mine.annParty.lid]) {
      expect([chat, textsOf(await messages(`?chat=${chat}`))]).toEqual([chat, ['four', 'three', 'two', 'one']]);
      expect(textsOf(await get(`/chats/${chat}/messages?direction=in&limit=2`))).toEqual(['three', 'two']);
    }
    await running.fleet.simulator.contacts.receipt(mine.ann.phone, mine.linked.phone, 'read', [sent.messageId]);
    await running.tenant.waitMessage(mine.id, sent.messageId, 'read');
    expect(textsOf(await messages('?status=read'))).toEqual(['four']);
    expect((await messages('?status=delivered')).items).toEqual([]);
  });

  it('counts what is unread until it is read', async () => {
    const { it: mine } = receiving;
    const ben = await running.fleet.simulator.createContact({ name: 'Ben', addressing: 'lid' });
    const chat = () => get<Chat>(`/chats/${ben.phone}`);
    for (const text of ['hello', 'are you there?']) {
      const ids = await running.fleet.simulator.contacts.send(ben.phone, mine.linked.phone, { kind: 'text', text });
      await mine.received(ids[0]);
    }
    const jid = `${ben.lid}@lid`;
    expect(await chat()).toMatchObject({
      jid,
      phone: ben.phone,
      name: 'Ben',
      unread: 2,
      isGroup: false,
      lastMessage: { text: 'are you there?' },
    });
    const { items } = await get<Page<Chat>>('/chats');
    expect(items.map((one) => one.jid)).toEqual([jid, mine.chat]);
    expect(items.map(({ lastMessageAt = 0 }) => lastMessageAt)).toEqual(
      items.map(({ lastMessage }) => lastMessage?.timestamp),
    );
    expect((await get<Page<Chat>>('/chats?unread=true&search=ben')).items).toHaveLength(1);

    await running.tenant.call('POST', `/v1/instances/${mine.id}/chats/${ben.phone}/read`, { body: {} });
    await eventually(async () => (await chat()).unread === 0);
    expect((await get<Page<Chat>>('/chats?unread=true&search=ben')).items).toEqual([]);
  });

  it('knows contacts, and which phone number a LID belongs to', async () => {
    const { it: mine } = receiving;
    const { phone, lid } = mine.annParty;
    const contact = await eventually(() => get<Contact>(`/contacts/${phone}`));
    expect(contact).toMatchObject({ phone, lid, pushName: 'Ann' });
    expect((await get<Page<Contact>>('/contacts?search=ann')).items).toEqual([contact]);

    const observed = await get<LidMapping>(`/lid-mappings/${lid}`);
    expect(observed).toMatchObject({ lid, phone, source: 'observed' });
    expect((await get<Page<LidMapping>>('/lid-mappings')).items).toContainEqual(observed);
    const path = `/v1/instances/${mine.id}/lid-mappings`;
    await running.tenant.call('POST', path, { body: { lid, phone: '+1 415 555 0199' } });
    expect(await get<LidMapping>(`/lid-mappings/${phone}`)).toMatchObject({
      phone,
      source: 'observed',
      other: { phone: '14155550199', source: 'manual' },
    });
  });

  it('counts messages by the hour', async () => {
    const { items } = await messages('?limit=200');
    const numbers = { in: items.filter(({ direction }) => direction === 'in').length, out: 1 };
    const one = await get<{ messages: Traffic; stored: object; state: string }>('/metrics');
    expect(one).toMatchObject({
      state: 'open',
      stored: { messages: items.length },
      messages: {
        in: { total: numbers.in, kinds: { text: numbers.in } },
        out: { total: 1 },
        statuses: { acked: 1, delivered: 1, read: 1 },
        last24Hours: numbers,
        latest: { in: items.find(({ direction }) => direction === 'in')?.timestamp },
      },
    });
    const all = await running.tenant.call<{ messages: Traffic; instances: object }>('GET', '/v1/metrics');
    expect(all).toMatchObject({ instances: { total: 1, states: { open: 1 } }, messages: one.messages });
  });

  it('drops from the history what is deleted there, and nothing on WhatsApp', async () => {
    const { it: mine } = receiving;
    const [sent] = (await messages('?direction=out')).items;
    const path = `/v1/instances/${mine.id}/messages`;
    expect((await running.tenant.request('DELETE', `${path}/${sent?.id}`)).status).toBe(204);
    expect((await messages('?direction=out')).items).toEqual([]);
    expect(await get<object>(`/messages/${sent?.id}`)).toMatchObject({ status: 'read', command: 'send.text' });
    expect(await running.fleet.simulator.contacts.shown(mine.ann.phone, sent?.id ?? '')).toMatchObject({
      text: 'four',
    });

    const dropped = await running.tenant.call<{ messages: number }>('DELETE', `${path}?chat=${mine.annParty.lid}`);
    expect(dropped).toEqual({ messages: 3 });
    expect(textsOf(await messages())).toEqual(['are you there?', 'hello']);
    expect(await running.tenant.call('DELETE', path)).toEqual({ messages: 2 });
    expect(await messages()).toEqual({ items: [] });
    await mine.arrives({ kind: 'text', text: 'fresh' });
    expect(textsOf(await messages())).toEqual(['fresh']);
  });

  it('still has everything after a new login', async () => {
    const { it: mine } = receiving;
    const before = await messages();
    await running.tenant.restart(mine.id);
    await running.tenant.waitOpen(mine.id);
    await mine.arrives({ kind: 'text', text: 'after the restart' });
    expect(textsOf(await messages())).toEqual(['after the restart', ...textsOf(before)]);
  });
});
