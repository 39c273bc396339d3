import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';
import { vcardOf } from './vcard.ts';

/** `send.contacts`: one contact card, or several in one message. */
export const sendContacts: CommandHandler<'send.contacts'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const cards = body.contacts.map((contact) => ({ displayName: contact.name, vcard: vcardOf(contact) }));
    const [first] = cards;
    return cards.length === 1
      ? compose(context, { contactMessage: first }, body)
      : compose(context, { contactsArrayMessage: { displayName: `${cards.length} contacts`, contacts: cards } }, body);
  },
});
