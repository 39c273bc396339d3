import { describe, expect, it } from 'vitest';
import { sendingScene } from './sending-scene.ts';

describe('a message about a message', () => {
  const scene = sendingScene();
  const get = (messageId: string) =>
    scene.tenant.call<Record<string, unknown>>('GET', `/v1/instances/${scene.id}/messages/${messageId}`);

  it('reacts, changes the reaction and takes it back, by phone number and by LID', async () => {
    const ann = await scene.contact({ addressing: 'lid' });
    for (const to of [ann.phone, `${ann.lid}@lid`]) {
      const own = await scene.send('text', { to, text: 'mine' });
      const theirs = await scene.received(ann, { kind: 'text', text: 'theirs' });
      for (const emoji of ['👍', '❤️', '']) {
        for (const id of [own.messageId, theirs]) await scene.send('reaction', { to, message: { id }, emoji });
        const reactions = emoji ? [{ from: scene.linked.phone, text: emoji }] : [];
        const isSo = (shown: { reactions: { from: string; text: string }[] }) =>
          JSON.stringify(shown.reactions.map(({ from, text }) => ({ from, text }))) === JSON.stringify(reactions);
        await scene.shown(ann, own.messageId, isSo);
        await scene.wrote(ann, theirs, isSo);
      }
    }
  });

  it('reacts to what a member wrote in a group', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const group = await scene.group(ann, [ben]);
    const id = await scene.received(ben, { kind: 'text', text: 'Done' }, group);
    await scene.send('reaction', { to: group, message: { id }, emoji: '🎉' });
    await scene.wrote(ben, id, ({ reactions }) => reactions[0]?.text === '🎉');
    await scene.shown(ann, id, ({ reactions }) => reactions[0]?.text === '🎉');
  });

  it('reaches what is not kept if the body says who wrote it', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const unknown = { id: 'UNKNOWN0000000000001' };
    const failed = await scene.refused('reaction', { to: ann.phone, message: unknown, emoji: '👍' });
    expect(failed.error?.code).toBe('message-not-found');
    const group = await scene.group(ann, [ben]);
    const { messageId } = await scene.send('reaction', {
      to: group,
      message: { ...unknown, sender: `${ben.lid}@lid` },
      emoji: '👍',
    });
    expect((await scene.shown(ann, messageId)).message.reactionMessage?.key).toMatchObject({
      remoteJid: group,
      fromMe: false,
      participant: `${ben.lid}@lid`,
      ...unknown,
    });
    const elsewhere = await scene.send('text', { to: ben.phone, text: 'for ben' });
    const wrong = await scene.refused('reaction', {
      to: ann.phone,
      message: { id: elsewhere.messageId },
      emoji: '👍',
    });
    expect(wrong.error?.code).toBe('message-not-found');
  });

  it('edits a text, also with mentions, and only what this number wrote', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('text', { to: ann.phone, text: 'teh' });
    await scene.send('edit', { to: ann.phone, message: { id: messageId }, text: 'the' });
    await scene.shown(ann, messageId, ({ text, edits }) => text === 'the' && edits === 1);
    await scene.send('edit', {
      to: ann.phone,
      message: { id: messageId },
      text: `the @${ann.phone}`,
      mentions: [ann.phone],
    });
    await scene.shown(ann, messageId, ({ text, edits }) => text === `the @${ann.phone}` && edits === 2);
    // What is quoted from now on is the new text.
    const answer = await scene.send('text', { to: ann.phone, text: 'see', quoted: { id: messageId } });
    expect((await scene.shown(ann, answer.messageId)).quoted?.text).toBe(`the @${ann.phone}`);
    const theirs = await scene.received(ann, { kind: 'text', text: 'theirs' });
    const failed = await scene.refused('edit', { to: ann.phone, message: { id: theirs }, text: 'x' });
    expect(failed.error?.code).toBe('unsupported-message');
    const place = await scene.send('location', { to: ann.phone, latitude: 1, longitude: 2 });
    const not = await scene.refused('edit', { to: ann.phone, message: { id: place.messageId }, text: 'x' });
    expect(not.error?.code).toBe('unsupported-message');
  });

  it('deletes for everyone what this number wrote, and as admin what others did', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const direct = await scene.send('text', { to: `${ann.lid}@lid`, text: 'oops' });
    await scene.send('delete', { to: `${ann.lid}@lid`, message: { id: direct.messageId } });
    await scene.shown(ann, direct.messageId, ({ deleted }) => deleted);
    const group = await scene.group(ann, [ben], [scene.linked.phone]);
    const own = await scene.send('text', { to: group, text: 'oops' });
    const theirs = await scene.received(ben, { kind: 'text', text: 'spam' }, group);
    for (const id of [own.messageId, theirs]) {
      await scene.send('delete', { to: group, message: { id } });
      await scene.shown(ann, id, ({ deleted }) => deleted);
    }
    const private_ = await scene.received(ann, { kind: 'text', text: 'theirs' });
    const failed = await scene.refused('delete', { to: ann.phone, message: { id: private_ } });
    expect(failed.error?.code).toBe('unsupported-message');
  });

  it('pins for as long as it is told, and takes the pin away', async () => {
    const ann = await scene.contact();
    const id = await scene.received(ann, { kind: 'text', text: 'Remember' });
    await scene.send('pin', { to: ann.phone, message: { id } });
    await scene.wrote(ann, id, ({ pinned, pinnedSeconds }) => pinned && pinnedSeconds === 604_800);
    await scene.send('pin', { to: ann.phone, message: { id }, pinned: false });
    await scene.wrote(ann, id, ({ pinned }) => !pinned);
    const group = await scene.group(ann);
    const own = await scene.send('text', { to: group, text: 'Rules' });
    await scene.send('pin', { to: group, message: { id: own.messageId }, seconds: 86_400 });
    await scene.shown(ann, own.messageId, ({ pinned, pinnedSeconds }) => pinned && pinnedSeconds === 86_400);
  });

  it('votes in a poll of a chat and of a group, and takes the vote back', async () => {
    const ann = await scene.contact({ addressing: 'lid' });
    const group = await scene.group(ann);
    const poll = { kind: 'poll', name: 'Lunch?', options: ['Soup', 'Salad'], selectable: 0 };
    for (const to of [ann.phone, group]) {
      const id = await scene.received(ann, poll, to === group ? group : undefined);
      for (const options of [['Salad'], ['Soup', 'Salad'], []]) {
        await scene.send('vote', { to, message: { id }, options });
        await scene.wrote(ann, id, (shown) => {
          const votes = shown.poll?.votes ?? [];
          return options.length === 0
            ? votes.length === 0
            : votes.length === 1 && votes[0]?.from === scene.linked.phone && votes[0].options.join() === options.join();
        });
      }
      const failed = await scene.refused('vote', { to, message: { id }, options: ['Cake'] });
      expect(failed.error?.code).toBe('invalid-content');
    }
    // In a poll of its own.
    const own = await scene.send('poll', { to: group, name: 'Tea?', options: ['Yes', 'No'] });
    await scene.send('vote', { to: group, message: { id: own.messageId }, options: ['Yes'] });
    await scene.shown(ann, own.messageId, (shown) => shown.poll?.votes[0]?.options.join() === 'Yes');
    const text = await scene.received(ann, { kind: 'text', text: 'no poll' });
    const failed = await scene.refused('vote', { to: ann.phone, message: { id: text }, options: [] });
    expect(failed.error?.code).toBe('unsupported-message');
  });

  it('forwards what others wrote with one more mark each time, and its own without', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const id = await scene.received(ann, { kind: 'text', text: 'A rumour' });
    const once = await scene.send('forward', { to: ben.phone, message: { id } });
    expect(await scene.shown(ben, once.messageId)).toMatchObject({ text: 'A rumour', forwardingScore: 1 });
    const own = await scene.send('text', { to: ann.phone, text: 'Own words', quoted: { id } });
    const plain = await scene.send('forward', { to: ben.phone, message: { id: own.messageId } });
    const shown = await scene.shown(ben, plain.messageId);
    expect(shown).toMatchObject({ text: 'Own words', forwardingScore: 0 });
    expect(shown.quoted).toBeUndefined();
    const place = await scene.received(ann, { kind: 'location', latitude: 1, longitude: 2, name: 'Pier' });
    const group = await scene.group(ben);
    const third = await scene.send('forward', { to: group, message: { id: place } });
    expect(await scene.shown(ben, third.messageId)).toMatchObject({ type: 'locationMessage', forwardingScore: 1 });
    const failed = await scene.refused('forward', { to: ben.phone, message: { id: 'UNKNOWN0000000000001' } });
    expect(failed.error?.code).toBe('message-not-found');
  });

  it('is in the history with what has become of it', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('text', { to: ann.phone, text: 'kept' });
    await scene.tenant.waitMessage(scene.id, messageId, 'delivered');
    await scene.send('reaction', { to: ann.phone, message: { id: messageId }, emoji: '👍' });
    await scene.send('edit', { to: ann.phone, message: { id: messageId }, text: 'kept and edited' });
    const { items } = await scene.tenant.call<{ items: Record<string, unknown>[] }>(
      'GET',
      `/v1/instances/${scene.id}/messages?direction=out&limit=200`,
    );
    const stored = items.find(({ id }) => id === messageId);
    expect(stored).toMatchObject({
      direction: 'out',
      chat: `${ann.phone}@s.whatsapp.net`,
      kind: 'text',
      text: 'kept and edited',
      status: 'delivered',
      reactions: [{ emoji: '👍' }],
    });
    // What is about a message is a part of it, and no message of its own.
    expect(items.filter(({ kind }) => kind === 'other')).toEqual([]);
    await scene.send('delete', { to: ann.phone, message: { id: messageId } });
    expect(await get(messageId)).toBeDefined();
  });
});
