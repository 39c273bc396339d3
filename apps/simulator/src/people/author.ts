import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MediaStore } from '../media/store.ts';
import type { Person, ShownMessage } from './shown-message.ts';

/** There is no such message in the chat. */
export class UnknownMessage extends Error {}
/** The content cannot be made, such as a vote for something that is no poll. */
export class ImpossibleContent extends Error {}

/** Somebody who writes to a chat. */
export interface Author {
  store: MediaStore;
  person: Person;
  /** A message of the chat. Throws {@link UnknownMessage}. */
  find: (id: string) => ShownMessage;
  /** The key by which the author names a message of the chat. */
  keyOf: (shown: Pick<ShownMessage, 'id' | 'sender'>) => proto.IMessageKey;
  /** How people are addressed in this chat: one of their JIDs. */
  jidOf: (person: Person) => string;
}
