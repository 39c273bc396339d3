import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving, Receiving } from './receiving.ts';

describe('what becomes of messages', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);
  const contacts = () => running.fleet.simulator.contacts;

  it('a reaction, another one in its place, and none', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'funny?' });
    for (const emoji of ['👍', '😂', '']) {
      await mine.send({ kind: 'reaction', message: id, emoji });
      const reaction = await mine.waitTold('messages.reaction', (data) => data.id === id && data.emoji === emoji);
      expect(reaction).toMatchObject({ chat: mine.chat, fromMe: false, sender: mine.annParty });
    }
    await eventually(async () => {
      expect((await mine.listed(id)).reactions ?? []).toEqual([]);
      return true;
    });
  });

  it('a reaction to what this number has sent', async () => {
    const { it: mine } = receiving;
    const sent = await running.tenant.sendText(mine.id, mine.ann.phone, 'like it?');
    await running.tenant.waitMessage(mine.id, sent.messageId, 'delivered');
    await mine.send({ kind: 'reaction', message: sent.messageId, emoji: '❤️' });
    expect(await mine.waitTold('messages.reaction', ({ id }) => id === sent.messageId)).toMatchObject({
      fromMe: true,
      emoji: '❤️',
      sender: mine.annParty,
    });
  });

  it('an edit shows the new text, and the list has it', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'helo' });
    await mine.send({ kind: 'edit', message: id, text: 'hello' });
    const { edited } = await mine.waitTold('messages.update', (data) => data.id === id && data.edited);
    expect(edited).toMatchObject({
      by: mine.annParty,
      message: { id, kind: 'text', text: 'hello', sender: mine.annParty },
    });
    expect(await mine.listed(id)).toMatchObject({ text: 'hello', editedAt: edited?.at });
    expect(mine.told('messages.upsert').filter(({ message }) => message.id === id)).toHaveLength(1);
  });

  it('the caption of a file may be edited; the file stays', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'image', size: 3_000, caption: 'before' });
    const stored = await mine.file(id);
    await mine.send({ kind: 'edit', message: id, text: 'after' });
    const { edited } = await mine.waitTold('messages.update', (data) => data.id === id && data.edited);
    expect(edited?.message.text).toBe('after');
    expect(await mine.listed(id)).toMatchObject({ text: 'after', media: stored });
  });

  it('a message that was deleted for everyone loses its content', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'secret' });
    await mine.send({ kind: 'delete', message: id });
    const { deleted } = await mine.waitTold('messages.update', (data) => data.id === id && data.deleted);
    expect(deleted).toMatchObject({ by: mine.annParty });
    const listed = await mine.listed(id);
    expect(listed).toMatchObject({ deletedAt: deleted?.at });
    expect(listed.text).toBeUndefined();
  });

  it.each(['pn', 'lid'] as const)('votes are read with the secret of their poll, named by %s', async (named) => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({
      kind: 'poll',
      name: 'When?',
      options: ['today', 'tomorrow', 'never'],
      selectable: 2,
    });
    await mine.send({ kind: 'vote', poll: id, options: ['today', 'never'], named });
    const first = await mine.waitTold('messages.update', (data) => data.id === id && data.vote?.options.length === 2);
    expect(first.vote).toMatchObject({ voter: mine.annParty, options: ['today', 'never'] });
    await mine.send({ kind: 'vote', poll: id, options: ['tomorrow'], named });
    const second = await mine.waitTold('messages.update', (data) => data.id === id && data.vote?.options.length === 1);
    expect(second.vote?.result).toEqual([
      { option: 'today', voters: [] },
      { option: 'tomorrow', voters: [mine.chat] },
      { option: 'never', voters: [] },
    ]);
    expect(await mine.listed(id)).toMatchObject({ votes: second.vote?.result });
  });

  it('a vote in a poll that is not known here says so', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'poll', name: 'Forgotten?', options: ['yes', 'no'] });
    await running.tenant.call('DELETE', `/v1/instances/${mine.id}/messages/${id}`);
    await mine.send({ kind: 'vote', poll: id, options: ['yes'] });
    const { vote } = await mine.waitTold('messages.update', (data) => data.id === id && data.vote);
    expect(vote).toMatchObject({ voter: mine.annParty, options: [], unreadable: true });
  });

  it.each(['pn', 'lid'] as const)('responses to an event, named by %s', async (named) => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'event', name: 'Picnic', startsAt: 1_900_000_000, extraGuests: true });
    await mine.send({ kind: 'response', event: id, response: 'going', extraGuests: 2, named });
    const { response } = await mine.waitTold('messages.update', (data) => data.id === id && data.response);
    expect(response).toMatchObject({ responder: mine.annParty, answer: 'going', extraGuests: 2 });
  });

  it('pins and unpins', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'important' });
    for (const pinned of [true, false]) {
      await mine.send({ kind: 'pin', message: id, seconds: pinned ? 86_400 : 0 });
      await mine.waitTold('messages.update', (data) => data.id === id && data.pinned?.pinned === pinned);
    }
  });

  it('keeping what would disappear', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'stay' }, { ephemeral: 86_400 });
    await mine.send({ kind: 'keep', message: id, keep: true });
    expect(await mine.waitTold('messages.update', (data) => data.id === id && data.kept)).toMatchObject({
      kept: { kept: true, by: mine.annParty },
    });
  });

  it('how long messages of a chat stay', async () => {
    const { it: mine } = receiving;
    await mine.send({ kind: 'disappearing', seconds: 604_800 });
    const isAnn = ({ chats }: { chats: { jid?: string; ephemeralSeconds?: number }[] }) =>
      chats.some(({ jid, ephemeralSeconds }) => jid === mine.chat && ephemeralSeconds === 604_800);
    await mine.waitTold('chats.update', isAnn);
    expect(mine.told('chats.update').filter(isAnn)).toHaveLength(1);
  });

  it('what the owner does on the phone: reacts, edits, deletes', async () => {
    const { it: mine } = receiving;
    const { phone } = mine.linked;
    const { id } = await mine.arrives({ kind: 'text', text: 'from Ann' });
    await contacts().ownPhoneSend(phone, mine.ann.phone, { kind: 'reaction', message: id, emoji: '🎉' });
    expect(await mine.waitTold('messages.reaction', (data) => data.id === id)).toMatchObject({
      fromMe: false,
      sender: { phone },
    });
    const [own] = await contacts().ownPhoneSend(phone, mine.ann.phone, { kind: 'text', text: 'mistake' });
    await mine.received(own);
    await contacts().ownPhoneSend(phone, mine.ann.phone, { kind: 'edit', message: own ?? '', text: 'corrected' });
    const edit = await mine.waitTold('messages.update', (data) => data.id === own && data.edited);
    expect(edit).toMatchObject({
      fromMe: true,
      chat: mine.chat,
      edited: { by: { phone }, message: { text: 'corrected' } },
    });
    await contacts().ownPhoneSend(phone, mine.ann.phone, { kind: 'delete', message: own ?? '' });
    await mine.waitTold('messages.update', (data) => data.id === own && data.deleted);
  });

  it('a chat that was read on the phone is read here', async () => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'text', text: 'read me' });
    const before = mine.told('chats.update').length;
    await contacts().ownPhoneRead(mine.linked.phone, mine.ann.phone, [id]);
    await eventually(() =>
      mine
        .told('chats.update')
        .slice(before)
        .some(({ chats }) => chats.some(({ jid, unread }) => jid === mine.chat && unread === 0)),
    );
    const chat = await running.tenant.call<{ unread?: number }>('GET', `/v1/instances/${mine.id}/chats/${mine.chat}`);
    expect(chat.unread ?? 0).toBe(0);
  });

  it('what the phone itself has sent is delivered and read', async () => {
    const { it: mine } = receiving;
    const [id = ''] = await contacts().ownPhoneSend(mine.linked.phone, mine.ann.phone, { kind: 'text', text: 'seen?' });
    await mine.received(id);
    await contacts().receipt(mine.ann.phone, mine.linked.phone, 'read', [id]);
    expect(await mine.waitTold('messages.update', (data) => data.id === id && data.status === 'read')).toMatchObject({
      chat: mine.chat,
      fromMe: true,
    });
    expect(await mine.listed(id)).toMatchObject({ direction: 'out', status: 'read' });
  });

  it('who has seen a status update of this number', async () => {
    const { it: mine } = receiving;
    const { messageId } = await running.tenant.call<{ messageId: string }>(
      'POST',
      `/v1/instances/${mine.id}/messages/status`,
      { body: { text: 'look at me', audience: [mine.ann.phone] }, headers: { prefer: 'wait=10' } },
    );
    await contacts().receipt(mine.ann.phone, mine.linked.phone, 'read', [messageId], { status: true });
    const seen = await mine.waitTold(
      'message-receipt.update',
      ({ ids, status }) => ids.includes(messageId) && status === 'read',
    );
    expect(seen).toMatchObject({ chat: 'status@broadcast', participant: { jid: expect.stringContaining('@') } });
  });

  it('what cannot be decrypted at first arrives once the sender has encrypted it again', async () => {
    const { it: mine } = receiving;
    await mine.arrives({ kind: 'text', text: 'all is well' });
    await contacts().forgetSessions(mine.ann.phone);
    const message = await mine.arrives({ kind: 'text', text: 'after all was lost' });
    expect(message.text).toBe('after all was lost');
    expect(mine.told('messages.upsert').filter((each) => each.message.id === message.id)).toHaveLength(1);
  });

  it('settings: raw messages, no files, read receipts by themselves', async () => {
    const mine = await Receiving.start(running, { rawMessages: true, downloadMedia: false, readMessages: true });
    const message = await mine.arrives({ kind: 'image', size: 2_000, caption: 'raw' });
    expect(message).toMatchObject({
      media: { status: 'skipped', size: 2_000 },
      raw: { key: { id: message.id, remoteJid: mine.chat }, message: { imageMessage: { caption: 'raw' } } },
    });
    await eventually(async () => {
      const [record] = await running.fleet.simulator.message(message.id);
      return record?.receipts.read === 1;
    });
    expect(mine.told('messages.media-update')).toEqual([]);
  });

  it('settings: status updates are left out', async () => {
    const mine = await Receiving.start(running, { ignoreStatus: true });
    await mine.arrives({ kind: 'text', text: 'hello' });
    await contacts().postStatus(mine.ann.phone, { kind: 'text', text: 'nobody asked' });
    await mine.arrives({ kind: 'text', text: 'after the status' });
    expect(mine.told('messages.upsert').map(({ message }) => message.text)).toEqual(['hello', 'after the status']);
  });
});
