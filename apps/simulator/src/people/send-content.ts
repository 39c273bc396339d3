import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { Group } from '../groups/group.ts';
import type { Addressing } from '../jid.ts';
import type { MediaStore } from '../media/store.ts';
import { statusJid } from '../status.ts';
import { type Author, UnknownMessage } from './author.ts';
import { compose } from './compose.ts';
import { randomMessageId } from './message-id.ts';
import type { OutgoingContent, OutgoingContext } from './outgoing-content.ts';
import type { Person, ShownMessage } from './shown-message.ts';

/** The chat that somebody writes to, as they see it. */
export interface OwnChat {
  store: MediaStore;
  person: Person;
  to: Account | Group | 'status';
  addressing: Addressing;
  find: (id: string) => ShownMessage | undefined;
  /** With `phoneOnly`, linked devices are only told that there is something. */
  send: (message: proto.IMessage, id: string, phoneOnly?: boolean) => Promise<string>;
}

/** Name of a chat in an inbox: the phone of the other side, or the JID of a group or of the status. */
export function chatNameOf(to: OwnChat['to']): string {
  if (to === 'status') return statusJid;
  return to instanceof Group ? to.jid : to.phone;
}

/**
 * Composes and sends content. Returns the ids of the messages: an album is one message for itself and one for each
 * part. Throws {@link UnknownMessage} and `ImpossibleContent`.
 */
export async function sendContent(
  chat: OwnChat,
  content: OutgoingContent,
  context: OutgoingContext,
  id = randomMessageId(),
): Promise<string[]> {
  const author = authorIn(chat);
  await chat.send(await compose(content, context, author), id, context.viewOnce === 'phone-only');
  const ids = [id];
  if (content.kind === 'album') {
    for (const part of content.parts) {
      const message = await compose({ ...part, album: id }, {}, author);
      ids.push(await chat.send(message, randomMessageId()));
    }
  }
  return ids;
}

function authorIn({ store, person, to, addressing, find }: OwnChat): Author {
  const jidOf = ({ phone, jids: [pn, lid] }: Person) => (addressing === 'lid' ? lid : pn) ?? phone;
  return {
    store,
    person,
    jidOf,
    find: (id) => {
      const shown = find(id);
      if (!shown) throw new UnknownMessage(id);
      return shown;
    },
    keyOf: ({ id, sender }) => {
      const fromMe = sender.phone === person.phone;
      if (to !== 'status' && !(to instanceof Group)) return { remoteJid: to.jid(addressing), fromMe, id };
      const remoteJid = to === 'status' ? statusJid : to.jid;
      return { remoteJid, fromMe, id, ...(!fromMe && { participant: jidOf(sender) }) };
    },
  };
}
