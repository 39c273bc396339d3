import Type from 'typebox';
import { MediaInput } from '../commands/parts.ts';
import { Group } from '../group.ts';
import { change, done, fields, groupParams, type RequestSpec } from './spec.ts';

const tag = 'Groups';
const member = Type.String({ minLength: 1, maxLength: 100, description: 'Phone number, JID or LID' });
const members = Type.Array(member, { minItems: 1, maxItems: 1024 });
const subject = Type.String({ minLength: 1, maxLength: 100 });
const outcomes = Type.Object({
  participants: Type.Array(
    Type.Object({
      jid: Type.String(),
      ok: Type.Boolean(),
      code: Type.Optional(
        Type.Integer({
          description: "WhatsApp's code: 403 they allow only invitations, 404 not on WhatsApp, 409 a member already",
        }),
      ),
      inviteCode: Type.Optional(
        Type.String({ description: 'Who cannot be added can be invited: give it to POST …/messages/group-invite' }),
      ),
      inviteExpiresAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    }),
  ),
});
const inviteCode = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The code, or the whole link https://chat.whatsapp.com/…',
});

export const groupRequests = {
  'groups.list': {
    method: 'GET',
    path: '/groups',
    summary: 'List the groups of this number',
    tag,
    access: 'instances:read',
    query: Type.Object({
      participants: Type.Optional(Type.Boolean({ description: 'With their members. Default true' })),
    }),
    result: Type.Object({ items: Type.Array(Group) }),
    repeatable: true,
  },
  'group.create': {
    method: 'POST',
    path: '/groups',
    summary: 'Create a group',
    tag,
    access: 'messages:send',
    body: fields({
      subject,
      participants: Type.Array(member, { maxItems: 1024 }),
      description: Type.Optional(Type.String({ maxLength: 2048 })),
    }),
    result: Group,
    repeatable: false,
  },
  'group.get': {
    method: 'GET',
    path: '/groups/:group',
    summary: 'Show a group',
    tag,
    access: 'instances:read',
    params: groupParams,
    result: Group,
    repeatable: true,
  },
  'group.update': {
    method: 'PATCH',
    path: '/groups/:group',
    summary: "Change a group's subject, description or settings",
    tag,
    access: 'messages:send',
    params: groupParams,
    body: change({
      subject: Type.Optional(subject),
      description: Type.Optional(Type.String({ maxLength: 2048, description: 'Empty: none' })),
      announcement: Type.Optional(Type.Boolean({ description: 'Only admins may write' })),
      locked: Type.Optional(Type.Boolean({ description: 'Only admins may change subject, description and picture' })),
      ephemeralSeconds: Type.Optional(Type.Enum([0, 86_400, 604_800, 7_776_000])),
      membersAdd: Type.Optional(Type.Boolean({ description: 'Every member may add others' })),
      joinApproval: Type.Optional(Type.Boolean({ description: 'Admins approve who joins' })),
    }),
    result: done,
    repeatable: true,
  },
  'group.participants': {
    method: 'POST',
    path: '/groups/:group/participants',
    summary: 'Add or remove members, make them admins or not',
    tag,
    access: 'messages:send',
    params: groupParams,
    body: fields({ action: Type.Enum(['add', 'remove', 'promote', 'demote']), participants: members }),
    result: outcomes,
    repeatable: true,
  },
  'group.leave': {
    method: 'POST',
    path: '/groups/:group/leave',
    summary: 'Leave a group',
    tag,
    access: 'messages:send',
    params: groupParams,
    result: done,
    repeatable: true,
  },
  'group.picture': {
    method: 'PUT',
    path: '/groups/:group/picture',
    summary: "Change a group's picture",
    tag,
    access: 'messages:send',
    params: groupParams,
    body: fields({ media: MediaInput }),
    result: done,
    repeatable: true,
    errors: ['MEDIA_NOT_FOUND'],
  },
  'group.remove-picture': {
    method: 'DELETE',
    path: '/groups/:group/picture',
    summary: "Remove a group's picture",
    tag,
    access: 'messages:send',
    params: groupParams,
    result: done,
    repeatable: true,
  },
  'group.invite': {
    method: 'GET',
    path: '/groups/:group/invite',
    summary: 'Show the invite link',
    tag,
    access: 'messages:send',
    params: groupParams,
    result: Type.Object({ code: Type.String(), url: Type.String() }),
    repeatable: true,
  },
  'group.revoke-invite': {
    method: 'DELETE',
    path: '/groups/:group/invite',
    summary: 'Make the invite link useless; the answer has the new one',
    tag,
    access: 'messages:send',
    params: groupParams,
    result: Type.Object({ code: Type.String(), url: Type.String() }),
    repeatable: true,
  },
  'group.invite-info': {
    method: 'GET',
    path: '/group-invites/:code',
    summary: 'Show the group that an invite link leads to',
    tag,
    access: 'instances:read',
    params: Type.Object({ code: inviteCode }),
    result: Group,
    repeatable: true,
  },
  'group.join': {
    method: 'POST',
    path: '/groups/join',
    summary: 'Join a group by its invite link',
    tag,
    access: 'messages:send',
    body: fields({ code: inviteCode }),
    result: Type.Object({
      group: Type.Union([Type.String(), Type.Null()], { description: 'JID; null while admins must approve' }),
    }),
    repeatable: true,
  },
  'group.join-requests': {
    method: 'GET',
    path: '/groups/:group/join-requests',
    summary: 'List who asks to join',
    tag,
    access: 'instances:read',
    params: groupParams,
    result: Type.Object({
      items: Type.Array(
        Type.Object({
          jid: Type.String(),
          phone: Type.Optional(Type.String()),
          method: Type.Optional(Type.String()),
          at: Type.Optional(Type.Integer({ description: 'Unix ms' })),
        }),
      ),
    }),
    repeatable: true,
  },
  'group.answer-join-requests': {
    method: 'POST',
    path: '/groups/:group/join-requests',
    summary: 'Approve or reject who asks to join',
    tag,
    access: 'messages:send',
    params: groupParams,
    body: fields({ action: Type.Enum(['approve', 'reject']), participants: members }),
    result: outcomes,
    repeatable: true,
  },
} as const satisfies Record<string, RequestSpec>;
