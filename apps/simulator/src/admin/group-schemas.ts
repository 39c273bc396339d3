import { Type } from 'typebox';
import type { Group } from '../groups/group.ts';
import type { Outcome } from '../groups/participants.ts';
import { Phone } from './schemas.ts';

/** What an admin decides about a group; each part may be left out. */
export const SettingsChange = {
  announcement: Type.Optional(Type.Boolean({ description: 'only admins write messages' })),
  locked: Type.Optional(
    Type.Boolean({ description: 'only admins change subject, description, disappearing messages' }),
  ),
  ephemeral: Type.Optional(Type.Integer({ minimum: 0, description: 'seconds until messages disappear; 0 is never' })),
  memberAddMode: Type.Optional(Type.Union([Type.Literal('all_member_add'), Type.Literal('admin_add')])),
  membershipApproval: Type.Optional(Type.Boolean({ description: 'admins decide who gets in' })),
};

export const GroupView = Type.Object({
  id: Type.String({ description: 'JID' }),
  subject: Type.String(),
  subjectBy: Type.String({ description: 'phone' }),
  subjectAt: Type.Integer({ description: 'Unix seconds, as all times of groups' }),
  description: Type.Optional(Type.String()),
  descriptionId: Type.Optional(Type.String()),
  addressing: Type.Union([Type.Literal('lid'), Type.Literal('pn')]),
  creator: Type.String({ description: 'phone' }),
  createdAt: Type.Integer(),
  inviteCode: Type.String(),
  announcement: Type.Boolean(),
  locked: Type.Boolean(),
  ephemeral: Type.Integer(),
  memberAddMode: Type.String(),
  membershipApproval: Type.Boolean(),
  members: Type.Array(
    Type.Object({
      phone: Type.String(),
      lid: Type.String(),
      role: Type.String({ description: 'member, admin or superadmin' }),
    }),
  ),
  requests: Type.Array(
    Type.Object({ phone: Type.String(), method: Type.String(), by: Type.String(), at: Type.Integer() }),
    { description: 'who waits for an admin to let them in' },
  ),
  invitations: Type.Array(
    Type.Object({ phone: Type.String(), by: Type.String(), code: Type.String(), expiresAt: Type.Integer() }),
    { description: 'for people who could not be added' },
  ),
});

export const Outcomes = Type.Array(
  Type.Object({
    phone: Type.String(),
    status: Type.Integer({
      description: '200; 403 not allowed, 404 not on WhatsApp or not in the group, 409 in it already',
    }),
    invitation: Type.Optional(Type.String({ description: 'code of the invitation to send instead' })),
  }),
);

export const GroupParameter = Type.Object({
  group: Type.String({ pattern: '^[0-9]+(@g\\.us)?$', description: 'JID or its digits' }),
});

/** Who does something: a contact, or an account as if its owner did it with the phone. */
export const By = { by: Phone };
export const Phones = { phones: Type.Array(Phone, { minItems: 1 }) };

/** A group with everything the service knows about it. */
export function viewOf(group: Group) {
  const { subject, description, settings, requests, invitations } = group;
  return {
    id: group.jid,
    subject: subject.text,
    subjectBy: subject.by.phone,
    subjectAt: subject.at,
    ...(description && { description: description.text, descriptionId: description.id }),
    addressing: group.addressing,
    creator: group.creator.phone,
    createdAt: group.createdAt,
    inviteCode: group.inviteCode,
    ...settings,
    members: group.members.map((account) => ({
      phone: account.phone,
      lid: account.lid,
      role: group.roleOf(account) ?? 'member',
    })),
    requests: Array.from(requests.values(), ({ account, by, method, at }) => {
      return { phone: account.phone, method, by: by.phone, at };
    }),
    invitations: Array.from(invitations.values(), ({ account, by, code, expiresAt }) => {
      return { phone: account.phone, by: by.phone, code, expiresAt };
    }),
  };
}

/** What became of each of these numbers. */
export function outcomesView(outcomes: Outcome[]) {
  return outcomes.map(({ asked, account, error, invitation }) => ({
    phone: account?.phone ?? asked.replace(/@.*$/, ''),
    status: error ?? 200,
    ...(invitation && { invitation: invitation.code }),
  }));
}
