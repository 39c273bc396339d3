import type { BaileysEventMap, GroupMetadata } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxEntry } from '../src/people/inbox.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';
const bob = '5511900000002';
const eve = '5511900000003';

type Linked = Client & { phone: string };
type Update<Name extends keyof BaileysEventMap> = BaileysEventMap[Name];

/** A client and the group events that it was told. */
class Watcher {
  readonly client: Linked;
  readonly upserts: GroupMetadata[] = [];
  readonly updates: Partial<GroupMetadata>[] = [];
  readonly participants: Update<'group-participants.update'>[] = [];
  readonly requests: Update<'group.join-request'>[] = [];

  constructor(client: Linked) {
    this.client = client;
    const { ev } = client.sock;
    ev.on('groups.upsert', (groups) => this.upserts.push(...groups));
    ev.on('groups.update', (groups) => this.updates.push(...groups));
    ev.on('group-participants.update', (update) => this.participants.push(update));
    ev.on('group.join-request', (request) => this.requests.push(request));
  }

  get sock() {
    return this.client.sock;
  }
}

interface GroupView {
  id: string;
  subject: string;
  description?: string;
  inviteCode: string;
  announcement: boolean;
  locked: boolean;
  ephemeral: number;
  memberAddMode: string;
  membershipApproval: boolean;
  members: { phone: string; role: string }[];
  requests: { phone: string; method: string }[];
  invitations: { phone: string; code: string }[];
}

let simulator: Simulator;
let one: Watcher;
let two: Watcher;
beforeAll(async () => {
  simulator = await testSimulator();
  for (const phone of [ann, bob, eve]) await admin(simulator, 'POST', '/contacts', { phone });
  one = new Watcher(await linkedClient(simulator));
  two = new Watcher(await linkedClient(simulator));
});
afterAll(async () => {
  await one.client.close();
  await two.client.close();
  await simulator.close();
});

const pn = (phone: string) => `${phone}@s.whatsapp.net`;
const lid = (phone: string) => simulator.network.account(phone)?.jid('lid') ?? 'nobody';
const truth = (id: string) => admin<GroupView>(simulator, 'GET', `/groups/${id}`);
const rolesIn = async (id: string) =>
  Object.fromEntries((await truth(id)).members.map(({ phone, role }) => [phone, role]));
/** The status code of what a client's query was refused with. */
const refusal = (query: Promise<unknown>) =>
  query.then(
    () => 'not refused',
    (error: { data?: number; output?: { statusCode?: number } }) => error.data ?? error.output?.statusCode,
  );
const entriesOf = async (phone: string, chat: string) =>
  (await admin<{ entries: InboxEntry[] }>(simulator, 'GET', `/contacts/${phone}/inbox`)).entries.filter(
    (entry) => entry.chat === chat,
  );
const shown = (phone: string, chat: string, text: string) =>
  eventually(`${text} in the inbox`, async () => (await entriesOf(phone, chat)).find((entry) => entry.text === text));
const received = (client: Client, text: string) =>
  eventually(text, () => client.messages.find(({ message }) => textOf(message.message) === text));

function textOf(message: Client['messages'][number]['message']['message']) {
  return message?.conversation ?? message?.extendedTextMessage?.text;
}

/** A group that the admin API makes, with the first client as its admin. */
async function groupOf(members: string[], more: object = {}): Promise<string> {
  const body = { by: one.client.phone, subject: 'a group', members, ...more };
  return (await admin<GroupView>(simulator, 'POST', '/groups', body)).id;
}

test('a client creates a group, and everybody who is in it is told', async () => {
  const unknown = pn('5511911111111');
  const metadata = await one.sock.groupCreate('Reading circle', [pn(ann), pn(two.client.phone), unknown]);
  expect(metadata).toMatchObject({
    subject: 'Reading circle',
    addressingMode: 'lid',
    owner: lid(one.client.phone),
    ownerPn: pn(one.client.phone),
    size: 3,
    memberAddMode: true,
  });
  expect(metadata.participants).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: lid(one.client.phone), phoneNumber: pn(one.client.phone), admin: 'superadmin' }),
      expect.objectContaining({ id: lid(ann), phoneNumber: pn(ann), admin: null }),
    ]),
  );
  for (const { upserts } of [one, two]) {
    const upsert = await eventually('groups.upsert', () => upserts.find(({ id }) => id === metadata.id));
    expect(upsert).toMatchObject({ subject: 'Reading circle', author: lid(one.client.phone) });
    expect(upsert.participants.map(({ id }) => id)).toEqual([one.client.phone, ann, two.client.phone].map(lid));
  }
  expect(await rolesIn(metadata.id)).toEqual({
    [one.client.phone]: 'superadmin',
    [ann]: 'member',
    [two.client.phone]: 'member',
  });
});

test('a client asks for its groups, and for one of them; others are refused', async () => {
  const id = await groupOf([ann], { description: 'about it', announcement: true, locked: true, ephemeral: 86_400 });
  const all = await one.sock.groupFetchAllParticipating();
  expect(all[id]).toMatchObject({ subject: 'a group', desc: 'about it', announce: true, restrict: true });
  expect(await one.sock.groupMetadata(id)).toMatchObject({ ephemeralDuration: 86_400, size: 2 });
  expect(Object.keys(await two.sock.groupFetchAllParticipating())).not.toContain(id);
  expect(await refusal(two.sock.groupMetadata(id))).toBe(403);
  expect(await refusal(two.sock.groupMetadata('120363000000000000@g.us'))).toBe(404);
});

test('a group may be addressed by phone number', async () => {
  const id = await groupOf([ann, two.client.phone], { addressing: 'pn' });
  const { addressingMode, participants } = await two.sock.groupMetadata(id);
  expect(addressingMode).toBe('pn');
  expect(participants.map((each) => each.id)).toEqual([one.client.phone, ann, two.client.phone].map(pn));
  expect(participants[1]).toMatchObject({ lid: lid(ann) });
  await one.sock.sendMessage(id, { text: 'by number' });
  await shown(ann, id, 'by number');
  const { message } = await received(two.client, 'by number');
  expect(message.key).toMatchObject({ remoteJid: id, participant: expect.stringContaining('@s.whatsapp.net') });
  await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: id, text: 'answered by number' });
  for (const { client } of [one, two]) {
    expect((await received(client, 'answered by number')).message.key.participant).toBe(pn(ann));
  }
});

test('participants are added, promoted, demoted and removed, with a status for each', async () => {
  const id = await groupOf([ann]);
  const added = await one.sock.groupParticipantsUpdate(id, [pn(two.client.phone), pn(ann), pn('5511911111111')], 'add');
  expect(added.map(({ status }) => status)).toEqual(['200', '409', '404']);
  expect(added[0]?.jid).toBe(lid(two.client.phone));
  const upsert = await eventually('groups.upsert', () => two.upserts.find((group) => group.id === id));
  expect(upsert.participants).toHaveLength(3);
  const told = await eventually('added', () => one.participants.find((each) => each.id === id));
  expect(told).toMatchObject({ action: 'add', author: lid(one.client.phone) });
  expect(told.participants).toEqual([expect.objectContaining({ id: lid(two.client.phone), admin: null })]);

  for (const action of ['promote', 'demote'] as const) {
    expect(await one.sock.groupParticipantsUpdate(id, [pn(two.client.phone)], action)).toMatchObject([
      { status: '200' },
    ]);
    for (const { participants } of [one, two]) {
      await eventually(action, () => participants.find((each) => each.id === id && each.action === action));
    }
    expect((await rolesIn(id))[two.client.phone]).toBe(action === 'promote' ? 'admin' : 'member');
  }
  expect(await refusal(two.sock.groupParticipantsUpdate(id, [pn(ann)], 'remove'))).toBe(403);

  const removed = await one.sock.groupParticipantsUpdate(
    id,
    [pn(two.client.phone), pn(bob), pn(one.client.phone)],
    'remove',
  );
  expect(removed.map(({ status }) => status)).toEqual(['200', '404', '403']);
  for (const { participants } of [one, two]) {
    const each = await eventually('removed', () =>
      participants.find((one) => one.id === id && one.action === 'remove'),
    );
    expect(each.participants).toEqual([expect.objectContaining({ phoneNumber: pn(two.client.phone) })]);
  }
  expect(await refusal(two.sock.groupMetadata(id))).toBe(403);
});

test('a member leaves, and a group without an admin gets one', async () => {
  const id = await groupOf([ann, two.client.phone]);
  await eventually('told', () => two.upserts.find((group) => group.id === id));
  await one.sock.groupLeave(id);
  const left = await eventually('left', () => two.participants.find((each) => each.id === id));
  expect(left).toMatchObject({ action: 'remove', author: lid(one.client.phone) });
  expect(await rolesIn(id)).toEqual({ [ann]: 'admin', [two.client.phone]: 'member' });
  await eventually('promoted', () => two.participants.find((each) => each.id === id && each.action === 'promote'));
  await admin(simulator, 'POST', `/groups/${id}/leave`, { by: ann });
  expect(await rolesIn(id)).toEqual({ [two.client.phone]: 'admin' });
});

test('subject and description change, are deleted, and are refused to who may not', async () => {
  const id = await groupOf([two.client.phone]);
  await two.sock.groupUpdateSubject(id, 'another subject');
  await two.sock.groupUpdateDescription(id, 'first words');
  await eventually('the subject', () =>
    one.updates.find((each) => each.id === id && each.subject === 'another subject'),
  );
  await eventually('the description', () => one.updates.find((each) => each.id === id && each.desc === 'first words'));
  expect(await truth(id)).toMatchObject({ subject: 'another subject', description: 'first words' });
  const { descId, descOwner, subjectOwner } = await one.sock.groupMetadata(id);
  expect(descId).toMatch(/.+/);
  expect([descOwner, subjectOwner]).toEqual([lid(two.client.phone), lid(two.client.phone)]);

  await one.sock.groupUpdateDescription(id, 'second words');
  expect((await truth(id)).description).toBe('second words');
  await one.sock.groupUpdateDescription(id);
  expect((await truth(id)).description).toBeUndefined();

  await one.sock.groupSettingUpdate(id, 'locked');
  expect(await refusal(two.sock.groupUpdateSubject(id, 'not allowed'))).toBe(403);
  expect(await refusal(two.sock.groupUpdateDescription(id, 'not allowed'))).toBe(403);
  expect(await refusal(one.sock.groupUpdateSubject(id, 'x'.repeat(101)))).toBe(406);
  expect((await truth(id)).subject).toBe('another subject');
});

test('a description that names the wrong predecessor is refused', async () => {
  const id = await groupOf([two.client.phone], { description: 'as it is' });
  const iq = (prev: string) => ({
    tag: 'iq',
    attrs: { type: 'set', xmlns: 'w:g2', to: id },
    content: [
      {
        tag: 'description',
        attrs: { id: 'NEW', prev },
        content: [{ tag: 'body', attrs: {}, content: Buffer.from('changed') }],
      },
    ],
  });
  expect(await refusal(one.sock.query(iq('STALE')))).toBe(409);
  expect((await truth(id)).description).toBe('as it is');
});

test('settings change, everybody is told, and only admins may', async () => {
  const id = await groupOf([two.client.phone]);
  await one.sock.groupSettingUpdate(id, 'announcement');
  await one.sock.groupSettingUpdate(id, 'locked');
  await one.sock.groupMemberAddMode(id, 'admin_add');
  await one.sock.groupJoinApprovalMode(id, 'on');
  await one.sock.groupToggleEphemeral(id, 604_800);
  const told = (what: Partial<GroupMetadata>) =>
    eventually(JSON.stringify(what), () =>
      two.updates.find(
        (each) => each.id === id && Object.entries(what).every(([key, value]) => Object(each)[key] === value),
      ),
    );
  for (const what of [{ announce: true }, { restrict: true }, { memberAddMode: false }, { joinApprovalMode: true }]) {
    await told(what);
  }
  await eventually('the ephemeral setting', () =>
    two.client.messages.find(
      ({ message }) =>
        message.key.remoteJid === id && message.message?.protocolMessage?.ephemeralExpiration === 604_800,
    ),
  );
  expect(await two.sock.groupMetadata(id)).toMatchObject({
    announce: true,
    restrict: true,
    memberAddMode: false,
    joinApprovalMode: true,
    ephemeralDuration: 604_800,
  });
  expect(await refusal(two.sock.groupSettingUpdate(id, 'not_announcement'))).toBe(403);
  expect(await refusal(two.sock.groupMemberAddMode(id, 'all_member_add'))).toBe(403);
  expect(await refusal(two.sock.groupToggleEphemeral(id, 0))).toBe(403);
  expect(await refusal(two.sock.groupParticipantsUpdate(id, [pn(eve)], 'add'))).toBe(403);

  await one.sock.groupSettingUpdate(id, 'not_announcement');
  await one.sock.groupSettingUpdate(id, 'unlocked');
  await one.sock.groupMemberAddMode(id, 'all_member_add');
  await one.sock.groupJoinApprovalMode(id, 'off');
  await one.sock.groupToggleEphemeral(id, 0);
  for (const what of [{ announce: false }, { restrict: false }, { memberAddMode: true }, { joinApprovalMode: false }]) {
    await told(what);
  }
  expect(await truth(id)).toMatchObject({
    announcement: false,
    locked: false,
    ephemeral: 0,
    membershipApproval: false,
  });
  expect(await two.sock.groupParticipantsUpdate(id, [pn(eve)], 'add')).toMatchObject([{ status: '200' }]);
});

test('people join by link until it is revoked', async () => {
  const id = await groupOf([ann]);
  const code = (await one.sock.groupInviteCode(id)) ?? '';
  expect(await two.sock.groupGetInviteInfo(code)).toMatchObject({ id, subject: 'a group', size: 2, participants: [] });
  expect(await two.sock.groupAcceptInvite(code)).toBe(id);
  await eventually('groups.upsert', () => two.upserts.find((group) => group.id === id));
  const added = await eventually('added', () =>
    one.participants.find((each) => each.id === id && each.action === 'add'),
  );
  expect(added.author).toBe(lid(two.client.phone));
  expect(await refusal(two.sock.groupInviteCode(id))).toBe(401);

  const fresh = await one.sock.groupRevokeInvite(id);
  expect(fresh).not.toBe(code);
  await eventually('the new code', () => one.updates.find((each) => each.id === id && each.inviteCode === fresh));
  expect(await refusal(two.sock.groupGetInviteInfo(code))).toBe(410);
  expect(await refusal(two.sock.groupGetInviteInfo('nobodyhasthis'))).toBe(406);
  expect(await admin(simulator, 'POST', '/groups/join', { by: bob, code })).toMatchObject({ statusCode: 410 });
  expect(await admin(simulator, 'POST', '/groups/join', { by: bob, code: fresh })).toEqual({ id, waits: false });
  expect(await rolesIn(id)).toMatchObject({ [bob]: 'member', [two.client.phone]: 'member' });
});

test('who asks to join waits until an admin decides', async () => {
  const id = await groupOf([ann], { membershipApproval: true });
  const code = (await one.sock.groupInviteCode(id)) ?? '';
  expect(await two.sock.groupAcceptInvite(code)).toBeUndefined();
  for (const by of [bob, eve]) await admin(simulator, 'POST', '/groups/join', { by, code });
  const request = await eventually('the request', () => one.requests.find((each) => each.participant === lid(bob)));
  expect(request).toMatchObject({ id, action: 'created', method: 'invite_link', participantPn: pn(bob) });
  const waiting = await one.sock.groupRequestParticipantsList(id);
  expect(waiting.map(({ jid }) => jid)).toEqual([two.client.phone, bob, eve].map(lid));
  expect(waiting[0]).toMatchObject({ phone_number: pn(two.client.phone), request_method: 'invite_link' });
  expect(await refusal(two.sock.groupRequestParticipantsList(id))).toBe(403);

  const approved = await one.sock.groupRequestParticipantsUpdate(id, [lid(two.client.phone), lid(ann)], 'approve');
  expect(approved).toEqual([
    { status: '200', jid: lid(two.client.phone) },
    { status: '404', jid: lid(ann) },
  ]);
  await eventually('let in', () => two.upserts.find((group) => group.id === id));
  await one.sock.groupRequestParticipantsUpdate(id, [lid(bob)], 'reject');
  await eventually('rejected', () =>
    one.requests.find((each) => each.participant === lid(bob) && each.action === 'rejected'),
  );
  await admin(simulator, 'POST', `/groups/${id}/requests`, { by: eve, decision: 'withdraw' });
  await eventually('revoked', () =>
    one.requests.find((each) => each.participant === lid(eve) && each.action === 'revoked'),
  );
  expect(await truth(id)).toMatchObject({ requests: [] });
  expect(Object.keys(await rolesIn(id))).toEqual([one.client.phone, ann, two.client.phone]);
});

test('who does not want to be added is invited, and accepts', async () => {
  const privacy = (groupadd: string) =>
    admin(simulator, 'PATCH', `/accounts/${two.client.phone}/profile`, { privacy: { groupadd } });
  await privacy('none');
  const id = await groupOf([ann]);
  const [outcome] = await one.sock.groupParticipantsUpdate(id, [pn(two.client.phone)], 'add');
  await privacy('all');
  expect(outcome?.status).toBe('403');
  const [invitation] = (await truth(id)).invitations;
  expect(invitation?.phone).toBe(two.client.phone);
  const accept = () =>
    two.sock.groupAcceptInviteV4(pn(one.client.phone), {
      groupJid: id,
      inviteCode: invitation?.code,
      inviteExpiration: 1_900_000_000,
    });
  expect(await accept()).toBe(id);
  await eventually('groups.upsert', () => two.upserts.find((group) => group.id === id));
  expect(await rolesIn(id)).toMatchObject({ [two.client.phone]: 'member' });
  await one.sock.groupParticipantsUpdate(id, [pn(two.client.phone)], 'remove');
  expect(await refusal(accept())).toBe(406);
});

test('what the service knows nothing about is refused and counted', async () => {
  const before = simulator.network.counters.values.unknownStanzas['iq w:g2 get sub_groups'] ?? 0;
  const id = await groupOf([ann]);
  expect(await refusal(one.sock.communityFetchLinkedGroups(id))).not.toBe('not refused');
  expect(simulator.network.counters.values.unknownStanzas['iq w:g2 get sub_groups']).toBe(before + 1);
});
