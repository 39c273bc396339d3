import { Type } from 'typebox';
import type { Account } from '../account.ts';
import { groupFor } from '../groups/directory.ts';
import type { Group } from '../groups/group.ts';
import { acceptInvitation, joinByLink, revokeInvite } from '../groups/invites.ts';
import { addParticipants, changeRoles, createGroup, leaveGroup, removeParticipants } from '../groups/participants.ts';
import { decideRequests, withdraw } from '../groups/requests.ts';
import { changeDescription, changeSettings, changeSubject } from '../groups/settings.ts';
import { pnJid } from '../jid.ts';
import type { Network } from '../network.ts';
import { randomMessageId } from '../people/message-id.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { attempt, groupOf } from './group-access.ts';
import {
  By,
  GroupParameter,
  GroupView,
  Outcomes,
  outcomesView,
  Phones,
  SettingsChange,
  viewOf,
} from './group-schemas.ts';
import { answers, Phone } from './schemas.ts';

const tags = ['groups'];
const done = answers(Type.Object({ ok: Type.Literal(true) }));
const ok = { ok: true as const };

/** Groups: what they are, and what contacts and the phones of accounts do in them, with the permissions they have. */
export function groupRoutes(app: Admin, network: Network): void {
  /** The group and the account that acts in it. */
  const scene = (id: string, by: string) => ({ group: groupOf(network, id), actor: accountOf(network, by) });
  const jidsOf = (phones: string[]) => phones.map((phone) => pnJid(phone));

  app.get('/groups', { schema: { summary: 'List the groups', tags, response: answers(Type.Array(GroupView)) } }, () =>
    Array.from(network.groups.all, viewOf),
  );
  app.get(
    '/groups/:group',
    { schema: { summary: 'Show a group', tags, params: GroupParameter, response: answers(GroupView) } },
    ({ params }) => viewOf(groupOf(network, params.group)),
  );
  app.post(
    '/groups',
    {
      schema: {
        summary: 'Let somebody create a group',
        description: 'Members are contacts and accounts. `outcomes` says who could not be added.',
        tags,
        body: Type.Object({
          ...By,
          subject: Type.String(),
          members: Type.Array(Phone, { description: 'besides the creator' }),
          admins: Type.Optional(Type.Array(Phone, { description: 'those of the members who are admins' })),
          addressing: Type.Optional(
            Type.Union([Type.Literal('lid'), Type.Literal('pn')], { description: 'by LID if not given' }),
          ),
          description: Type.Optional(Type.String()),
          ...SettingsChange,
        }),
        response: answers(Type.Intersect([GroupView, Type.Object({ outcomes: Outcomes })])),
      },
    },
    ({ body: { by, subject, members, admins, addressing, description, ...settings } }) =>
      attempt(() => {
        const creator = accountOf(network, by);
        const { group, outcomes } = createGroup(network, creator, { subject, jids: jidsOf(members), addressing });
        if (admins) changeRoles(network, group, creator, jidsOf(admins), 'promote');
        if (description) describe(group, creator, description);
        changeSettings(group, creator, settings);
        return { ...viewOf(group), outcomes: outcomesView(outcomes) };
      }),
  );
  app.patch(
    '/groups/:group',
    {
      schema: {
        summary: 'Let a member change subject, description or settings',
        description: 'An empty description deletes it.',
        tags,
        params: GroupParameter,
        body: Type.Object({
          ...By,
          subject: Type.Optional(Type.String()),
          description: Type.Optional(Type.String()),
          ...SettingsChange,
        }),
        response: answers(GroupView),
      },
    },
    ({ params, body: { by, subject, description, ...settings } }) =>
      attempt(() => {
        const { actor } = scene(params.group, by);
        const group = groupFor(network.groups, params.group, actor);
        if (subject !== undefined) changeSubject(group, actor, subject);
        if (description !== undefined) describe(group, actor, description);
        changeSettings(group, actor, settings);
        return viewOf(group);
      }),
  );
  app.post(
    '/groups/:group/participants',
    {
      schema: {
        summary: 'Let a member add, remove, promote or demote people',
        tags,
        params: GroupParameter,
        body: Type.Object({
          ...By,
          ...Phones,
          action: Type.Union([
            Type.Literal('add'),
            Type.Literal('remove'),
            Type.Literal('promote'),
            Type.Literal('demote'),
          ]),
        }),
        response: answers(Type.Object({ outcomes: Outcomes })),
      },
    },
    ({ params, body: { by, phones, action } }) =>
      attempt(() => {
        const { actor } = scene(params.group, by);
        const group = groupFor(network.groups, params.group, actor);
        const jids = jidsOf(phones);
        if (action === 'add') return { outcomes: outcomesView(addParticipants(network, group, actor, jids)) };
        if (action === 'remove') return { outcomes: outcomesView(removeParticipants(network, group, actor, jids)) };
        return { outcomes: outcomesView(changeRoles(network, group, actor, jids, action)) };
      }),
  );
  app.post(
    '/groups/:group/leave',
    {
      schema: {
        summary: 'Let a member leave',
        tags,
        params: GroupParameter,
        body: Type.Object(By),
        response: done,
      },
    },
    ({ params, body }) =>
      attempt(() => {
        const { actor } = scene(params.group, body.by);
        leaveGroup(groupFor(network.groups, params.group, actor), actor);
        return ok;
      }),
  );
  app.post(
    '/groups/join',
    {
      schema: {
        summary: 'Let somebody follow the link of a group',
        tags,
        body: Type.Object({ ...By, code: Type.String() }),
        response: answers(
          Type.Object({ id: Type.String(), waits: Type.Boolean({ description: 'until an admin lets them in' }) }),
        ),
      },
    },
    ({ body }) =>
      attempt(() => {
        const { group, waits } = joinByLink(network, accountOf(network, body.by), body.code);
        return { id: group.jid, waits };
      }),
  );
  app.post(
    '/groups/:group/accept',
    {
      schema: {
        summary: 'Let somebody accept an invitation that is for them alone',
        tags,
        params: GroupParameter,
        body: Type.Object({ ...By, code: Type.String() }),
        response: done,
      },
    },
    ({ params, body }) =>
      attempt(() => {
        const { group, actor } = scene(params.group, body.by);
        acceptInvitation(network, group.jid, actor, body.code);
        return ok;
      }),
  );
  app.post(
    '/groups/:group/requests',
    {
      schema: {
        summary: 'Let an admin decide who gets in, or let those who wait take it back',
        description: '`withdraw` is for `by` alone and takes no phones.',
        tags,
        params: GroupParameter,
        body: Type.Union([
          Type.Object({
            ...By,
            ...Phones,
            decision: Type.Union([Type.Literal('approve'), Type.Literal('reject')]),
          }),
          Type.Object({ ...By, decision: Type.Literal('withdraw') }),
        ]),
        response: answers(Type.Object({ outcomes: Outcomes })),
      },
    },
    ({ params, body }) =>
      attempt(() => {
        const { group, actor } = scene(params.group, body.by);
        if (body.decision === 'withdraw') {
          withdraw(group, actor, actor);
          return { outcomes: [] };
        }
        return {
          outcomes: outcomesView(decideRequests(network, group, actor, jidsOf(body.phones), body.decision)),
        };
      }),
  );
  app.post(
    '/groups/:group/revoke-invite',
    {
      schema: {
        summary: 'Let an admin make the link worthless',
        tags,
        params: GroupParameter,
        body: Type.Object(By),
        response: answers(Type.Object({ code: Type.String() })),
      },
    },
    ({ params, body }) =>
      attempt(() => {
        const { group, actor } = scene(params.group, body.by);
        return { code: revokeInvite(group, actor) };
      }),
  );
}

/** The one who changes a description in the admin API has seen the present one. */
function describe(group: Group, actor: Account, text: string): void {
  const previous = group.description?.id;
  changeDescription(group, actor, { id: randomMessageId(), text: text || undefined, previous });
}
