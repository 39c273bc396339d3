import { groupFor } from '../groups/directory.ts';
import { type Group, GroupRefusal, type MembershipRequest } from '../groups/group.ts';
import {
  acceptInvitation,
  inviteCode,
  invitedTo,
  joinByLink,
  revokeInvitations,
  revokeInvite,
} from '../groups/invites.ts';
import { groupNode, namesOf, participantNode } from '../groups/nodes.ts';
import {
  addParticipants,
  changeRoles,
  createGroup,
  leaveGroup,
  type Outcome,
  removeParticipants,
} from '../groups/participants.ts';
import { decideRequests, requestsOf } from '../groups/requests.ts';
import { changeDescription, changeSettings, changeSubject } from '../groups/settings.ts';
import { type BinaryNode, bytes, child, children, node } from '../wire/node.ts';
import { notImplemented, QueryError, type QueryHandler } from './query.ts';

/** `w:g2`: groups. What is not about one group is addressed to `@g.us`. */
export const answerGroups: QueryHandler = (query) => {
  try {
    return query.iq.attrs.to === '@g.us' ? answerService(query) : answerGroup(query);
  } catch (error) {
    if (error instanceof GroupRefusal) throw new QueryError(error.code, error.message);
    throw error;
  }
};

const answerService: QueryHandler = ({ network, device, wanted, action }) => {
  const { account } = device;
  const code = wanted?.attrs.code ?? '';
  switch (action) {
    case 'get participating':
      return [
        node(
          'groups',
          {},
          network.groups.of(account).map((group) => groupNode(group)),
        ),
      ];
    case 'set create': {
      // Communities are created with these.
      if (child(wanted, 'parent') || child(wanted, 'linked_parent')) throw notImplemented();
      const subject = wanted?.attrs.subject ?? '';
      const { group, outcomes } = createGroup(network, account, { subject, jids: participants(wanted) });
      const refused = outcomes.filter(({ error }) => error !== undefined).map((outcome) => outcomeNode(group, outcome));
      return [groupNode(group, { more: refused })];
    }
    case 'set leave':
      return [
        node(
          'leave',
          {},
          children(wanted).map(({ tag, attrs }) => {
            if (tag !== 'group') throw notImplemented();
            leaveGroup(groupFor(network.groups, attrs.id, account), account);
            return node('group', { id: attrs.id });
          }),
        ),
      ];
    case 'get invite': {
      const group = invitedTo(network, code);
      return [groupNode(group, { members: group.has(account) })];
    }
    case 'set invite': {
      const { group, waits } = joinByLink(network, account, code);
      return [node(waits ? 'membership_approval_request' : 'group', { jid: group.jid })];
    }
    default:
      throw notImplemented();
  }
};

const answerGroup: QueryHandler = ({ network, device, iq, wanted, action }) => {
  const { account } = device;
  const { tag = '' } = wanted ?? {};
  if (action === 'set accept') {
    acceptInvitation(network, iq.attrs.to ?? '', account, wanted?.attrs.code ?? '');
    return undefined;
  }
  const group = groupFor(network.groups, iq.attrs.to, account);
  const outcomes = (list: Outcome[]) =>
    node(
      tag,
      {},
      list.map((outcome) => outcomeNode(group, outcome)),
    );
  const set = (change: Parameters<typeof changeSettings>[2]) => {
    changeSettings(group, account, change);
    return undefined;
  };
  switch (action) {
    case 'get query':
      return [groupNode(group)];
    case 'set add':
      return [outcomes(addParticipants(network, group, account, participants(wanted)))];
    case 'set remove':
      return [outcomes(removeParticipants(network, group, account, participants(wanted)))];
    case 'set promote':
    case 'set demote':
      return [
        outcomes(changeRoles(network, group, account, participants(wanted), tag === 'promote' ? 'promote' : 'demote')),
      ];
    case 'set subject':
      changeSubject(group, account, bytes(wanted).toString());
      return undefined;
    case 'set description': {
      const { id = '', prev, delete: deleted } = wanted?.attrs ?? {};
      const text = deleted === 'true' ? undefined : bytes(child(wanted, 'body')).toString();
      changeDescription(group, account, { id, text, previous: prev });
      return undefined;
    }
    case 'set announcement':
    case 'set not_announcement':
      return set({ announcement: tag === 'announcement' });
    case 'set locked':
    case 'set unlocked':
      return set({ locked: tag === 'locked' });
    case 'set ephemeral':
      return set({ ephemeral: Number(wanted?.attrs.expiration ?? 0) });
    case 'set not_ephemeral':
      return set({ ephemeral: 0 });
    case 'set member_add_mode': {
      const mode = bytes(wanted).toString();
      if (mode !== 'all_member_add' && mode !== 'admin_add') throw new QueryError(400, 'bad-request');
      return set({ memberAddMode: mode });
    }
    case 'set membership_approval_mode': {
      const join = child(wanted, 'group_join');
      if (!join) throw notImplemented();
      return set({ membershipApproval: join.attrs.state === 'on' });
    }
    case 'get invite':
      return [node('invite', { code: inviteCode(group, account) })];
    case 'set invite':
      return [node('invite', { code: revokeInvite(group, account) })];
    case 'set revoke': {
      const invited = participants(wanted).flatMap((jid) => network.resolve(jid)?.account ?? []);
      revokeInvitations(group, account, invited);
      return undefined;
    }
    case 'get membership_approval_requests':
      return [
        node(
          tag,
          {},
          requestsOf(group, account).map((request) => requestNode(group, request)),
        ),
      ];
    case 'set membership_requests_action': {
      const decision = children(wanted)[0];
      if (decision?.tag !== 'approve' && decision?.tag !== 'reject') throw new QueryError(400, 'bad-request');
      const decided = decideRequests(network, group, account, participants(decision), decision.tag);
      const list = decided.map((outcome) => outcomeNode(group, outcome));
      return [node(tag, {}, [node(decision.tag, {}, list)])];
    }
    default:
      throw notImplemented();
  }
};

function participants(parent: BinaryNode | undefined): string[] {
  return children(parent).flatMap(({ tag, attrs }) => (tag === 'participant' && attrs.jid ? [attrs.jid] : []));
}

/** Somebody whom nobody knows keeps the JID that was asked for. */
function outcomeNode(group: Group, { asked, account, error, invitation }: Outcome): BinaryNode {
  if (!account) return node('participant', { jid: asked, error });
  const instead = invitation && [node('add_request', { code: invitation.code, expiration: invitation.expiresAt })];
  return participantNode(group, account, { error }, instead);
}

function requestNode(group: Group, { account, by, method, at }: MembershipRequest): BinaryNode {
  const requestor = by === account ? undefined : by.jid(group.addressing);
  const attributes = { ...namesOf(group, account), request_method: method, request_time: at, requestor };
  return node('membership_approval_request', attributes);
}
