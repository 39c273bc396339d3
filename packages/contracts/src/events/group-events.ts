import Type from 'typebox';
import { Group } from '../group.ts';
import { Party } from '../message.ts';

/** Payloads of everything that happens to groups and newsletters. */
export const groupEvents = {
  'groups.upsert': Type.Object({ groups: Type.Array(Group) }, { description: 'Groups that this number is in now' }),
  'groups.update': Type.Object(
    {
      group: Type.Partial(Group, { description: 'What changed, and `jid`' }),
      by: Type.Optional(Party),
      inviteCode: Type.Optional(Type.String({ description: 'The new one, if it was changed' })),
    },
    { description: 'A group changed its subject, description, settings or invite code' },
  ),
  'group-participants.update': Type.Object(
    {
      group: Type.String({ description: 'JID' }),
      action: Type.Enum(['add', 'remove', 'promote', 'demote', 'modify']),
      participants: Type.Array(Party),
      by: Type.Optional(Party),
    },
    { description: 'Members were added, removed, made admins or not' },
  ),
  'group.join-request': Type.Object(
    {
      group: Type.String(),
      participant: Party,
      action: Type.String({ description: '`created`, `revoked` or `rejected`' }),
      method: Type.Optional(Type.String()),
    },
    { description: 'Somebody asks to join a group that admins approve' },
  ),
  'newsletter.update': Type.Object(
    {
      newsletter: Type.String(),
      kind: Type.Enum(['reaction', 'view', 'participants', 'settings']),
      details: Type.Object({}, { additionalProperties: true }),
    },
    { description: 'Something happened in a channel that this number follows' },
  ),
} as const;
