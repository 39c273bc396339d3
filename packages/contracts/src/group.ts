import Type, { type Static } from 'typebox';
import { Party } from './message.ts';

/** A group, as events and routes show it. */
export const Group = Type.Object(
  {
    jid: Type.String(),
    subject: Type.String(),
    description: Type.Optional(Type.String()),
    owner: Type.Optional(Party),
    createdAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    size: Type.Optional(Type.Integer({ description: 'How many members' })),
    participants: Type.Array(Type.Object({ ...Party.properties, role: Type.Enum(['member', 'admin', 'superadmin']) })),
    announcement: Type.Boolean({ description: 'Only admins may write' }),
    locked: Type.Boolean({ description: 'Only admins may change subject, description and picture' }),
    ephemeralSeconds: Type.Optional(Type.Integer({ description: 'Messages disappear after so many seconds' })),
    membersAdd: Type.Optional(Type.Boolean({ description: 'Every member may add others' })),
    joinApproval: Type.Optional(Type.Boolean({ description: 'Admins approve who joins' })),
    community: Type.Optional(Type.String({ description: 'JID of the community that it belongs to' })),
    isCommunity: Type.Optional(Type.Boolean()),
    addressing: Type.Optional(Type.Enum(['pn', 'lid'])),
  },
  { $id: 'Group' },
);
export type Group = Static<typeof Group>;
