import { eventually, type SimulatedGroup } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving, Receiving } from './receiving.ts';

describe('groups', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);
  const simulator = () => running.fleet.simulator;
  let group: SimulatedGroup;
  let ben: { phone: string; lid: string };

  beforeAll(async () => {
    ben = await simulator().createContact({ name: 'Ben' });
    const { ann, linked } = receiving.it;
    group = await simulator().groups.create({ by: ann.phone, subject: 'Club', members: [ben.phone, linked.phone] });
  });

  it('that the number was added to are told with their members', async () => {
    const { it: mine } = receiving;
    const { groups } = await mine.waitTold('groups.upsert', ({ groups }) => groups.some(({ jid }) => jid === group.id));
    expect(groups[0]).toMatchObject({ jid: group.id, subject: 'Club', size: 3 });
    expect(groups[0]?.participants).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...mine.annParty, role: 'superadmin' }),
        expect.objectContaining({ phone: ben.phone, role: 'member' }),
      ]),
    );
  });

  it('messages in them come with their author by both addresses', async () => {
    const { it: mine } = receiving;
    const message = await mine.arrives({ kind: 'text', text: 'hello all' }, { mentionsAll: true }, group.id);
    expect(message).toMatchObject({
      chat: group.id,
      fromMe: false,
      text: 'hello all',
      mentionsAll: true,
      sender: { ...mine.annParty, pushName: 'Ann' },
    });
    const [id] = await simulator().contacts.send(
      ben.phone,
      group.id,
      { kind: 'text', text: 'hi' },
      { quoted: message.id },
    );
    expect(await mine.received(id)).toMatchObject({ quotedId: message.id, sender: { phone: ben.phone } });
  });

  it('files, reactions, edits and deletions too', async () => {
    const { it: mine } = receiving;
    const picture = await mine.arrives({ kind: 'image', size: 5_000, caption: 'us' }, {}, group.id);
    expect(await mine.file(picture.id)).toMatchObject({ status: 'stored', size: 5_000 });
    await simulator().contacts.send(ben.phone, group.id, { kind: 'reaction', message: picture.id, emoji: '🔥' });
    expect(await mine.waitTold('messages.reaction', ({ id }) => id === picture.id)).toMatchObject({
      chat: group.id,
      fromMe: false,
      sender: { phone: ben.phone, lid: `${ben.lid}@lid` },
    });
    const text = await mine.arrives({ kind: 'text', text: 'frist' }, {}, group.id);
    await mine.send({ kind: 'edit', message: text.id, text: 'first' }, {}, group.id);
    const { edited } = await mine.waitTold('messages.update', (data) => data.id === text.id && data.edited);
    expect(edited?.message).toMatchObject({ text: 'first', chat: group.id, sender: mine.annParty });
    await mine.send({ kind: 'delete', message: text.id }, {}, group.id);
    await mine.waitTold('messages.update', (data) => data.id === text.id && data.deleted);
  });

  it('an admin may delete what others wrote', async () => {
    const { it: mine } = receiving;
    const [id = ''] = await simulator().contacts.send(ben.phone, group.id, { kind: 'text', text: 'rude' });
    await mine.received(id);
    await mine.send({ kind: 'delete', message: id }, {}, group.id);
    const { deleted } = await mine.waitTold('messages.update', (data) => data.id === id && data.deleted);
    expect(deleted).toMatchObject({ by: mine.annParty });
  });

  it.each(['pn', 'lid'] as const)('votes, named by %s', async (named) => {
    const { it: mine } = receiving;
    const { id } = await mine.arrives({ kind: 'poll', name: 'Where?', options: ['park', 'lake'] }, {}, group.id);
    await simulator().contacts.send(ben.phone, group.id, { kind: 'vote', poll: id, options: ['lake'], named });
    const { vote } = await mine.waitTold('messages.update', (data) => data.id === id && data.vote);
    expect(vote).toMatchObject({ voter: { phone: ben.phone }, options: ['lake'] });
  });

  it('a message is delivered and read when it is for every member; each one is told', async () => {
    const { it: mine } = receiving;
    const { fleet, tenant } = running;
    const sent = await tenant.sendText(mine.id, group.id, 'to all of you', { waitSeconds: 10 });
    const told = (status: string) =>
      mine
        .told('message-receipt.update')
        .filter((receipt) => receipt.ids.includes(sent.messageId) && receipt.status === status)
        .map(({ participant }) => participant.phone ?? participant.lid);
    await tenant.waitMessage(mine.id, sent.messageId, 'delivered');
    await eventually(() => told('delivered').length === 2);
    const read = (by: string) =>
      fleet.simulator.groups.receipt(group.id, by, { to: mine.linked.phone, ids: [sent.messageId], type: 'read' });
    await read(mine.ann.phone);
    await eventually(() => told('read').length === 1);
    expect((await tenant.message(mine.id, sent.messageId)).status).toBe('delivered');
    await read(ben.phone);
    await tenant.waitMessage(mine.id, sent.messageId, 'read');
    await eventually(() => told('read').length === 2);
  });

  it('what admins change is told with who did it', async () => {
    const { it: mine } = receiving;
    await simulator().groups.change(group.id, mine.ann.phone, { subject: 'Sailing club', announcement: true });
    const subject = await mine.waitTold('groups.update', (data) => data.group.subject === 'Sailing club');
    expect(subject).toMatchObject({ group: { jid: group.id }, by: { lid: `${mine.ann.lid}@lid` } });
    await mine.waitTold('groups.update', (data) => data.group.announcement === true);
    await simulator().groups.change(group.id, mine.ann.phone, {
      description: 'We sail',
      announcement: false,
      ephemeral: 86_400,
    });
    await mine.waitTold('groups.update', (data) => data.group.description === 'We sail');
    await mine.waitTold('chats.update', ({ chats }) =>
      chats.some((chat) => chat.jid === group.id && chat.ephemeralSeconds === 86_400),
    );
    await simulator().groups.revokeInvite(group.id, mine.ann.phone);
    await mine.waitTold('groups.update', ({ inviteCode }) => inviteCode);
    const chat = await running.tenant.call('GET', `/v1/instances/${mine.id}/chats/${group.id}`);
    expect(chat).toMatchObject({ name: 'Sailing club', isGroup: true });
  });

  it('who comes, goes, and becomes an admin', async () => {
    const { it: mine } = receiving;
    const { groups } = simulator();
    for (const action of ['promote', 'demote', 'remove', 'add'] as const) {
      await groups.participants(group.id, mine.ann.phone, action, [ben.phone]);
      const change = await mine.waitTold('group-participants.update', (data) => data.action === action);
      expect(change).toMatchObject({
        group: group.id,
        participants: [{ lid: `${ben.lid}@lid`, phone: ben.phone }],
        by: { lid: `${mine.ann.lid}@lid` },
      });
    }
  });

  it('somebody asks to join', async () => {
    const { it: mine } = receiving;
    const { groups } = simulator();
    await groups.participants(group.id, mine.ann.phone, 'promote', [mine.linked.phone]);
    const { inviteCode } = await groups.change(group.id, mine.ann.phone, { membershipApproval: true });
    const cid = await simulator().createContact({ name: 'Cid' });
    await groups.join(inviteCode, cid.phone);
    expect(await mine.waitTold('group.join-request')).toMatchObject({
      group: group.id,
      participant: { lid: `${cid.lid}@lid` },
      action: 'created',
    });
  });

  it('a login that reads all groups again tells nothing anew', async () => {
    const { it: mine } = receiving;
    const { tenant } = running;
    const groups = await tenant.call<{ items: unknown[] } | { groups: unknown[] }>(
      'GET',
      `/v1/instances/${mine.id}/groups`,
    );
    expect(groups).toBeDefined();
    await mine.arrives({ kind: 'text', text: 'after the first reading' }, {}, group.id);
    const before = mine.told('groups.update').length + mine.told('groups.upsert').length;
    await tenant.call('GET', `/v1/instances/${mine.id}/groups`);
    await mine.arrives({ kind: 'text', text: 'after the second one' }, {}, group.id);
    expect(mine.told('groups.update').length + mine.told('groups.upsert').length).toBe(before);
  });

  it('may be left out altogether', async () => {
    const mine = await Receiving.start(running, { ignoreGroups: true });
    const other = await simulator().groups.create({
      by: mine.ann.phone,
      subject: 'Noise',
      members: [mine.linked.phone],
    });
    await mine.send({ kind: 'text', text: 'noise' }, {}, other.id);
    await mine.arrives({ kind: 'text', text: 'to you alone' });
    expect(mine.told('groups.upsert')).toEqual([]);
    expect(mine.told('messages.upsert').map(({ message }) => message.text)).toEqual(['to you alone']);
  });
});
