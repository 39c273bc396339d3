import { Type } from 'typebox';
import type { Network } from '../network.ts';
import { tellOwnDevices } from '../notice.ts';
import type { PhoneChange } from '../people/phone-change.ts';
import { node } from '../wire/node.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { answers, PhoneParameter } from './schemas.ts';

const Chat = { chat: Type.String({ minLength: 1, description: 'JID' }) };
const Message = { ...Chat, id: Type.String({ minLength: 1 }), fromMe: Type.Boolean() };
const Value = { value: Type.Boolean() };
const kind = <K extends PhoneChange['kind']>(name: K) => ({ kind: Type.Literal(name) });

const Change = Type.Union([
  Type.Object({ ...kind('archive'), ...Chat, ...Value }),
  Type.Object({ ...kind('pin'), ...Chat, ...Value }),
  Type.Object({ ...kind('read'), ...Chat, ...Value }, { description: 'false marks the chat as unread' }),
  Type.Object({
    ...kind('mute'),
    ...Chat,
    until: Type.Union([Type.Integer({ description: 'Unix milliseconds; -1 for ever' }), Type.Null()]),
  }),
  Type.Object({ ...kind('clear-chat'), ...Chat }),
  Type.Object({ ...kind('delete-chat'), ...Chat }),
  Type.Object({ ...kind('star'), ...Message, ...Value }),
  Type.Object({ ...kind('delete-message'), ...Message }),
  Type.Object({
    ...kind('contact'),
    ...Chat,
    name: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { description: 'null removes the contact' }),
    lid: Type.Optional(Type.String()),
  }),
  Type.Object({
    ...kind('label'),
    label: Type.String({ minLength: 1 }),
    name: Type.String(),
    color: Type.Integer(),
    deleted: Type.Boolean(),
  }),
  Type.Object({ ...kind('chat-label'), label: Type.String({ minLength: 1 }), ...Chat, ...Value }),
  Type.Object({
    ...kind('message-label'),
    label: Type.String({ minLength: 1 }),
    ...Chat,
    id: Type.String({ minLength: 1 }),
    ...Value,
  }),
  Type.Object({ ...kind('push-name'), name: Type.String({ minLength: 1 }) }),
  Type.Object({ ...kind('unarchive-chats'), ...Value }),
]);

const Labels = Type.Array(Type.String());
const AppStateView = Type.Object({
  collections: Type.Record(Type.String(), Type.Integer(), { description: 'versions' }),
  pushName: Type.Optional(Type.String()),
  chats: Type.Array(
    Type.Object({
      ...Chat,
      archived: Type.Boolean(),
      pinned: Type.Boolean(),
      mutedUntil: Type.Union([Type.Number(), Type.Null()]),
      markedUnread: Type.Boolean(),
      cleared: Type.Boolean(),
      deleted: Type.Boolean(),
      labels: Labels,
    }),
  ),
  messages: Type.Array(
    Type.Object({ ...Message, starred: Type.Boolean(), deletedForMe: Type.Boolean(), labels: Labels }),
  ),
  contacts: Type.Array(Type.Object({ jid: Type.String(), name: Type.String(), lid: Type.Optional(Type.String()) })),
  labels: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), color: Type.Integer() })),
  quickReplies: Type.Array(Type.Object({ shortcut: Type.String(), message: Type.String() })),
  settings: Type.Record(Type.String(), Type.Unknown()),
  problems: Type.Array(Type.String(), { description: 'patches whose MACs do not fit' }),
});

/** What an account's phone shows of its app state, and what its owner changes there. */
export function appStateRoutes(app: Admin, network: Network): void {
  app.get(
    '/accounts/:phone/app-state',
    {
      schema: {
        summary: "Show what an account's phone reads in its app state",
        tags: ['accounts'],
        params: PhoneParameter,
        response: answers(AppStateView),
      },
    },
    async ({ params }) => {
      const { appState, phoneState } = accountOf(network, params.phone);
      await phoneState.catchUp();
      const { view, problems } = phoneState;
      return {
        collections: Object.fromEntries(appState.names.map((name) => [name, appState.version(name)])),
        ...(view.pushName && { pushName: view.pushName }),
        chats: [...view.chats.values()],
        messages: [...view.messages.values()],
        contacts: [...view.contacts.values()],
        labels: [...view.labels.values()],
        quickReplies: [...view.quickReplies.values()],
        settings: Object.fromEntries(view.settings),
        problems,
      };
    },
  );
  app.post(
    '/accounts/:phone/app-state',
    {
      schema: {
        summary: "Change something with an account's phone",
        description: 'Becomes a patch of the app state, of which the linked devices are told.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Change,
        response: answers(Type.Object({ collection: Type.String(), version: Type.Integer() })),
      },
    },
    async ({ params, body }) => {
      const account = accountOf(network, params.phone);
      const changed = await account.phoneState.change(body);
      if (body.kind === 'push-name') account.rename(body.name);
      const { collection: name, version } = changed;
      tellOwnDevices(account, 'server_sync', [node('collection', { name, version })]);
      return changed;
    },
  );
  app.post(
    '/faults/app-state-conflict',
    {
      schema: {
        summary: 'Refuse the next app state uploads of an account with 409',
        description: 'As if another device had been faster.',
        tags: ['faults'],
        body: Type.Object({ phone: PhoneParameter.properties.phone, count: Type.Integer({ minimum: 0 }) }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ body }) => {
      accountOf(network, body.phone).appState.conflicts = body.count;
      return { ok: true as const };
    },
  );
}
