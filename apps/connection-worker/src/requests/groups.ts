import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';
import { groupView } from '../events/group-view.ts';
import { userJid } from '../events/party.ts';
import { RequestError } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from './handler.ts';

type Sock = RequestContext['sock'];

const inviteUrl = 'https://chat.whatsapp.com/';

/** What became of each member; WhatsApp's code 200 means done. */
const outcomes = (results: { status: string; jid: string | undefined; content?: BinaryNode }[]) => ({
  participants: results.map(({ status, jid, content }) => ({
    jid: userJid(jid),
    ok: status === '200',
    ...(status === '200' ? {} : { code: Number(status) }),
    ...personalInvite(content),
  })),
});

/** Who lets nobody add them can be invited: WhatsApp gives a code for that one person with its refusal. */
function personalInvite(participant: BinaryNode | undefined) {
  const request = participant && getBinaryNodeChild(participant, 'add_request');
  const { code, expiration } = request?.attrs ?? {};
  return code ? { inviteCode: code, ...(expiration ? { inviteExpiresAt: Number(expiration) * 1_000 } : {}) } : {};
}

const invite = (code: string | undefined) => {
  if (!code) throw new RequestError('REFUSED_BY_WHATSAPP', 'it gave no invite code');
  return { code, url: `${inviteUrl}${code}` };
};

export const listGroups: RequestHandler<'groups.list'> = async ({ participants = true }, { sock }) => {
  const groups = Object.values(await sock.groupFetchAllParticipating()).map(groupView);
  return { items: participants ? groups : groups.map((group) => ({ ...group, participants: [] })) };
};

export const createGroup: RequestHandler<'group.create'> = async (input, { sock }) => {
  const group = await sock.groupCreate(input.subject, input.participants);
  // The group is there: without its description it is better than reported as failed.
  const described =
    input.description !== undefined &&
    (await sock.groupUpdateDescription(group.id, input.description).then(
      () => true,
      () => false,
    ));
  return { ...groupView(group), ...(described ? { description: input.description } : {}) };
};

export const getGroup: RequestHandler<'group.get'> = async ({ group }, { sock }) =>
  groupView(await sock.groupMetadata(group));

/** What each setting asks of WhatsApp. */
const settings: {
  [F in keyof Changes]-?: (sock: Sock, group: string, value: NonNullable<Changes[F]>) => Promise<void>;
} = {
  subject: (sock, group, value) => sock.groupUpdateSubject(group, value),
  description: (sock, group, value) => sock.groupUpdateDescription(group, value || undefined),
  announcement: (sock, group, value) => sock.groupSettingUpdate(group, value ? 'announcement' : 'not_announcement'),
  locked: (sock, group, value) => sock.groupSettingUpdate(group, value ? 'locked' : 'unlocked'),
  ephemeralSeconds: (sock, group, value) => sock.groupToggleEphemeral(group, value),
  membersAdd: (sock, group, value) => sock.groupMemberAddMode(group, value ? 'all_member_add' : 'admin_add'),
  joinApproval: (sock, group, value) => sock.groupJoinApprovalMode(group, value ? 'on' : 'off'),
};
type Changes = Omit<Parameters<RequestHandler<'group.update'>>[0], 'group'>;

export const updateGroup: RequestHandler<'group.update'> = async ({ group, ...changes }, { sock }) => {
  for (const [field, value] of Object.entries(changes)) {
    const change = settings[field as keyof Changes] as (sock: Sock, group: string, value: unknown) => Promise<void>;
    if (value !== undefined) await change(sock, group, value);
  }
  return {};
};

export const changeParticipants: RequestHandler<'group.participants'> = async (input, { sock }) =>
  outcomes(await sock.groupParticipantsUpdate(input.group, input.participants, input.action));

export const leaveGroup: RequestHandler<'group.leave'> = async ({ group }, { sock }) => {
  await sock.groupLeave(group);
  return {};
};

export const getInvite: RequestHandler<'group.invite'> = async ({ group }, { sock }) =>
  invite(await sock.groupInviteCode(group));

export const revokeInvite: RequestHandler<'group.revoke-invite'> = async ({ group }, { sock }) =>
  invite(await sock.groupRevokeInvite(group));

export const inviteInfo: RequestHandler<'group.invite-info'> = async ({ code }, { sock }) =>
  groupView(await sock.groupGetInviteInfo(code));

export const joinGroup: RequestHandler<'group.join'> = async ({ code }, { sock }) => ({
  group: (await sock.groupAcceptInvite(code)) ?? null,
});

export const listJoinRequests: RequestHandler<'group.join-requests'> = async ({ group }, { sock }) => ({
  items: (await sock.groupRequestParticipantsList(group)).map((request) => {
    const { jid = '', phone_number: phone, request_method: method, request_time: time } = request;
    return {
      jid,
      ...(phone ? { phone: phone.replace(/@.*/, '') } : {}),
      ...(method ? { method } : {}),
      ...(time ? { at: Number(time) * 1_000 } : {}),
    };
  }),
});

export const answerJoinRequests: RequestHandler<'group.answer-join-requests'> = async (input, { sock }) =>
  outcomes(await sock.groupRequestParticipantsUpdate(input.group, input.participants, input.action));
