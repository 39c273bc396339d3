import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving, Receiving } from './receiving.ts';

describe('chats, contacts and the number itself', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);
  const simulator = () => running.fleet.simulator;
  /** Something is changed on the phone, and comes by app state. */
  const change = (body: object) => simulator().call('POST', `/accounts/${receiving.it.linked.phone}/app-state`, body);
  const api = <T>(path: string) => running.tenant.call<T>('GET', `/v1/instances/${receiving.it.id}${path}`);

  it('who writes becomes a contact, once, with both addresses', async () => {
    const { it: mine } = receiving;
    await mine.arrives({ kind: 'text', text: 'one' });
    await mine.arrives({ kind: 'text', text: 'two' });
    const isAnn = ({ contacts }: { contacts: { jid: string }[] }) => contacts.some(({ jid }) => jid === mine.chat);
    const { contacts } = await mine.waitTold('contacts.upsert', isAnn);
    expect(contacts).toContainEqual(expect.objectContaining({ jid: mine.chat, pushName: 'Ann' }));
    const mapping = await mine.waitTold('lid-mapping.update', ({ phone }) => phone === mine.ann.phone);
    expect(mapping).toEqual({ lid: `${mine.ann.lid}@lid`, phone: mine.ann.phone });
    await mine.arrives({ kind: 'text', text: 'three' });
    expect(mine.told('contacts.upsert').filter(isAnn)).toHaveLength(1);
    expect(mine.told('lid-mapping.update').filter(({ phone }) => phone === mine.ann.phone)).toHaveLength(1);
  });

  it('presence and typing', async () => {
    const { it: mine } = receiving;
    const { contacts } = simulator();
    await contacts.presence(mine.ann.phone, { available: false });
    await running.tenant.call('POST', `/v1/instances/${mine.id}/chats/${mine.chat}/presence/subscription`);
    await contacts.presence(mine.ann.phone, { available: true });
    await mine.waitTold('presence.update', (data) => data.chat === mine.chat && data.presence === 'available');
    for (const state of ['composing', 'recording'] as const) {
      await contacts.chatState(mine.ann.phone, mine.linked.phone, state);
      const update = await mine.waitTold('presence.update', ({ presence }) => presence === state);
      expect(update).toMatchObject({ chat: mine.chat, participant: { phone: mine.ann.phone } });
    }
  });

  it('archiving, pinning, muting, marking as unread', async () => {
    const { it: mine } = receiving;
    const { chat } = mine;
    const until = 1_900_000_000_000;
    const changes: [object, Record<string, unknown>][] = [
      [{ kind: 'archive', chat, value: true }, { archived: true }],
      [{ kind: 'mute', chat, until }, { mutedUntil: until }],
      [{ kind: 'read', chat, value: false }, { unread: -1 }],
      [{ kind: 'pin', chat, value: true }, { pinnedAt: expect.any(Number) }],
      [{ kind: 'archive', chat, value: false }, { archived: false }],
      [{ kind: 'mute', chat, until: null }, { mutedUntil: 0 }],
      [{ kind: 'read', chat, value: true }, { unread: 0 }],
      [{ kind: 'pin', chat, value: false }, { pinnedAt: 0 }],
    ];
    for (const [body, shown] of changes) {
      const before = mine.told('chats.update').length;
      await change(body);
      await eventually(() => {
        expect(
          mine
            .told('chats.update')
            .slice(before)
            .flatMap(({ chats }) => chats),
        ).toContainEqual({ jid: chat, ...shown });
        return true;
      });
    }
    expect(await api(`/chats/${chat}`)).toMatchObject({ jid: chat, unread: 0 });
  });

  it('stars, and messages that were deleted for this number alone', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'precious' });
    await change({ kind: 'star', chat: mine.chat, id, fromMe: false, value: true });
    await mine.waitTold('messages.update', (data) => data.id === id && data.starred === true);
    expect(await mine.listed(id)).toMatchObject({ starred: true });
    await change({ kind: 'delete-message', chat: mine.chat, id, fromMe: false });
    expect(await mine.waitTold('messages.delete')).toEqual({ chat: mine.chat, ids: [id] });
    await eventually(() =>
      mine.listed(id).then(
        () => false,
        () => true,
      ),
    );
  });

  it('contacts of the phone book', async () => {
    const { it: mine } = receiving;
    await change({ kind: 'contact', chat: mine.chat, name: 'Ann from work', lid: `${mine.ann.lid}@lid` });
    const isNamed = ({ contacts }: { contacts: { name?: string }[] }) =>
      contacts.some(({ name }) => name === 'Ann from work');
    await mine.waitTold('contacts.update', isNamed);
    expect(await api(`/contacts/${mine.chat}`)).toMatchObject({ name: 'Ann from work', pushName: 'Ann' });
  });

  it('labels', async () => {
    const { it: mine } = receiving;
    await change({ kind: 'label', label: '7', name: 'Paid', color: 3, deleted: false });
    expect(await mine.waitTold('labels.edit')).toEqual({ id: '7', name: 'Paid', color: 3, deleted: false });
    await change({ kind: 'chat-label', label: '7', chat: mine.chat, value: true });
    expect(await mine.waitTold('labels.association')).toEqual({ type: 'add', label: '7', chat: mine.chat });
  });

  it('a chat that was deleted', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'gone soon' });
    await change({ kind: 'delete-chat', chat: mine.chat });
    expect(await mine.waitTold('chats.delete')).toEqual({ jids: [mine.chat] });
    await expect(mine.listed(id)).rejects.toThrow('404');
  });

  it('who is blocked', async () => {
    const { it: mine } = receiving;
    const path = `/v1/instances/${mine.id}/blocklist/${mine.ann.phone}`;
    await running.tenant.call('PUT', path);
    await running.tenant.call('DELETE', path);
    expect(await api('/blocklist')).toMatchObject({ jids: [] });
  });

  it('calls, from the first ring to the end', async () => {
    const { it: mine } = receiving;
    const { id } = await simulator().call<{ id: string }>('POST', `/contacts/${mine.ann.phone}/call`, {
      to: mine.linked.phone,
      video: true,
    });
    const offer = await mine.waitTold('call', (call) => call.id === id && call.status === 'offer');
    expect(offer).toMatchObject({ video: true, group: false, offline: false, from: { phone: mine.ann.phone } });
    await simulator().call('POST', `/calls/${id}/end`, { reason: 'hangup' });
    await mine.waitTold('call', (call) => call.id === id && call.status === 'terminate');
  });

  it('calls are rejected if the instance is set to', async () => {
    const mine = await Receiving.start(running, { rejectCalls: true });
    const { id } = await simulator().call<{ id: string }>('POST', `/contacts/${mine.ann.phone}/call`, {
      to: mine.linked.phone,
    });
    await mine.waitTold('call', (call) => call.id === id);
    await eventually(
      async () => (await simulator().call<{ state: string }>('GET', `/calls/${id}`)).state === 'rejected',
    );
  });

  it('restrictions of the number, and that they are over', async () => {
    const { it: mine } = receiving;
    const path = `/accounts/${mine.linked.phone}`;
    const ends = 1_900_000_000;
    await simulator().call('PUT', `${path}/reachout-timelock`, { active: true, ends, type: 'BIZ_QUALITY' });
    const lock = await mine.waitTold('account.restriction', ({ kind }) => kind === 'reachout-timelock');
    expect(lock).toEqual({ kind: 'reachout-timelock', active: true, until: ends * 1_000, type: 'BIZ_QUALITY' });
    const stranger = await simulator().createContact();
    const sent = await running.tenant.sendText(mine.id, stranger.phone, 'hello stranger', { waitSeconds: 10 });
    expect(sent.status).toBe('failed');
    await simulator().call('PUT', `${path}/reachout-timelock`, { active: false });
    await mine.waitTold('account.restriction', ({ active }) => !active);
    await simulator().call('PUT', `${path}/new-chat-cap`, { total: 50, used: 50, status: 'CAPPED' });
    const cap = await mine.waitTold('account.restriction', ({ kind }) => kind === 'new-chat-cap');
    expect(cap).toMatchObject({ active: true, used: 50, total: 50, type: 'CAPPED' });
  });

  it('newsletters that the number follows', async () => {
    const { it: mine } = receiving;
    const { jid } = await simulator().call<{ jid: string }>('POST', '/newsletters', {
      name: 'News',
      followers: [mine.linked.phone],
    });
    const post = await simulator().call<{ id: string; serverId: number }>('POST', `/newsletters/${jid}/posts`, {
      text: 'extra!',
    });
    expect(await mine.received(post.id)).toMatchObject({ chat: jid, kind: 'text', text: 'extra!', fromMe: false });
    await simulator().call('POST', `/newsletters/${jid}/posts/${post.serverId}/reactions`, {
      by: mine.ann.phone,
      reaction: '👏',
    });
    expect(await mine.waitTold('newsletter.update', ({ kind }) => kind === 'reaction')).toMatchObject({
      newsletter: jid,
      details: { messageId: String(post.serverId), code: '👏' },
    });
  });
});
