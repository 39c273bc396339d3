import { Type } from 'typebox';
import type { Network } from '../network.ts';
import { Contact } from '../people/contact.ts';
import type { Admin } from './admin.ts';
import { contactOf } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const settings = {
  name: Type.Optional(Type.String({ minLength: 1 })),
  echo: Type.Optional(
    Type.Union([Type.Boolean(), Type.String()], {
      description: 'answers each text with "echo: {text}", or with a template of your own',
    }),
  ),
  autoRead: Type.Optional(Type.Boolean({ description: 'sends read receipts' })),
  autoReceipt: Type.Optional(Type.Boolean({ description: 'sends delivery receipts (default true)' })),
  addressing: Type.Optional(
    Type.Union([Type.Literal('pn'), Type.Literal('lid')], { description: 'how it addresses its messages' }),
  ),
  reactionMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 60_000,
      description: 'time it takes to confirm, read, answer or ask again (default 3)',
    }),
  ),
  exists: Type.Optional(Type.Boolean({ description: 'is on WhatsApp (default true)' })),
};

const ContactView = Type.Object({
  phone: Type.String(),
  lid: Type.String(),
  name: Type.String(),
  exists: Type.Boolean(),
  echo: Type.Union([Type.Boolean(), Type.String()]),
  autoRead: Type.Boolean(),
  autoReceipt: Type.Boolean(),
  addressing: Type.String(),
  reactionMs: Type.Integer(),
  undecryptable: Type.Integer({ description: 'messages it could not read at first' }),
  retriesSent: Type.Integer(),
  retriesReceived: Type.Integer(),
  chatStates: Type.Array(
    Type.Object({ from: Type.String(), chat: Type.String(), state: Type.String(), at: Type.Number() }),
    { description: 'the last hundred "typing" that it was shown' },
  ),
});

const done = answers(Type.Object({ ok: Type.Literal(true) }));

/** Simulated people. */
export function contactRoutes(app: Admin, network: Network): void {
  app.get(
    '/contacts',
    { schema: { summary: 'List the contacts', tags: ['contacts'], response: answers(Type.Array(ContactView)) } },
    () => [...network.accounts].flatMap(({ contact }) => (contact ? [view(contact)] : [])),
  );
  app.post(
    '/contacts',
    {
      schema: {
        summary: 'Create a contact, or change the one with that number',
        tags: ['contacts'],
        body: Type.Optional(Type.Union([Type.Object({ phone: Type.Optional(Phone), ...settings }), Type.Null()])),
        response: answers(ContactView),
      },
    },
    ({ body }) => {
      const account = network.ensureAccount(body?.phone, { name: body?.name });
      account.contact ??= new Contact(account, network);
      return change(account.contact, body ?? {});
    },
  );
  app.patch(
    '/contacts/:phone',
    {
      schema: {
        summary: 'Change a contact',
        tags: ['contacts'],
        params: PhoneParameter,
        body: Type.Object(settings),
        response: answers(ContactView),
      },
    },
    ({ params, body }) => change(contactOf(network, params.phone), body),
  );
  app.post(
    '/contacts/:phone/forget-sessions',
    {
      schema: {
        summary: 'Let a contact lose its Signal sessions',
        description: 'It cannot read what is encrypted for them and asks for it again.',
        tags: ['contacts'],
        params: PhoneParameter,
        response: done,
      },
    },
    ({ params }) => {
      contactOf(network, params.phone).account.party.forgetSessions();
      return { ok: true as const };
    },
  );
}

function change(contact: Contact, { name, exists, ...behaviour }: Partial<ContactSettings>) {
  if (name) contact.account.name = name;
  if (exists !== undefined) contact.account.exists = exists;
  const { behaviour: now } = contact;
  contact.behaviour = {
    echo: behaviour.echo ?? now.echo,
    autoRead: behaviour.autoRead ?? now.autoRead,
    autoReceipt: behaviour.autoReceipt ?? now.autoReceipt,
    addressing: behaviour.addressing ?? now.addressing,
    reactionMs: behaviour.reactionMs ?? now.reactionMs,
  };
  return view(contact);
}

type ContactSettings = Contact['behaviour'] & { name: string; exists: boolean };

function view({ account, behaviour, undecryptable, retriesSent, retriesReceived, chatStates }: Contact) {
  const { phone, lid, name, exists } = account;
  return { phone, lid, name, exists, ...behaviour, undecryptable, retriesSent, retriesReceived, chatStates };
}
