import type { WAPatchCreate } from '@whiskeysockets/baileys/lib/Types/Chat.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

const { SET, REMOVE } = proto.SyncdMutation.SyncdOperation;

/** What somebody changes with the phone of an account. Chats are JIDs. */
export type PhoneChange =
  | { kind: 'archive' | 'pin' | 'read'; chat: string; value: boolean }
  /** Until Unix milliseconds, or no longer. */
  | { kind: 'mute'; chat: string; until: number | null }
  | { kind: 'clear-chat' | 'delete-chat'; chat: string }
  | { kind: 'star'; chat: string; id: string; fromMe: boolean; value: boolean }
  | { kind: 'delete-message'; chat: string; id: string; fromMe: boolean }
  /** A name in the address book, or none any more. */
  | { kind: 'contact'; chat: string; name: string | null; lid?: string | undefined }
  | { kind: 'label'; label: string; name: string; color: number; deleted: boolean }
  | { kind: 'chat-label'; label: string; chat: string; value: boolean }
  | { kind: 'message-label'; label: string; chat: string; id: string; value: boolean }
  | { kind: 'push-name'; name: string }
  | { kind: 'unarchive-chats'; value: boolean };

type Mutation = Pick<WAPatchCreate, 'type' | 'index' | 'apiVersion' | 'syncAction'> &
  Partial<Pick<WAPatchCreate, 'operation'>>;

/**
 * The change as app state: its collection, its index and its value, as clients read them (Baileys'
 * `chatModificationToAppPatch` and `processSyncAction`).
 */
export function patchOf(change: PhoneChange): WAPatchCreate {
  const { syncAction, ...rest } = mutationOf(change);
  return { operation: SET, ...rest, syncAction: { ...syncAction, timestamp: Date.now() } };
}

function mutationOf(change: PhoneChange): Mutation {
  switch (change.kind) {
    case 'archive':
      return low(3, ['archive', change.chat], { archiveChatAction: { archived: change.value } });
    case 'pin':
      return low(5, ['pin_v1', change.chat], { pinAction: { pinned: change.value } });
    case 'read':
      return low(3, ['markChatAsRead', change.chat], { markChatAsReadAction: { read: change.value } });
    case 'star':
      return low(2, ['star', change.chat, change.id, flag(change.fromMe), '0'], {
        starAction: { starred: change.value },
      });
    case 'mute':
      return high(2, ['mute', change.chat], {
        muteAction: { muted: change.until !== null, muteEndTimestamp: change.until },
      });
    case 'clear-chat':
      return high(6, ['clearChat', change.chat, '1', '0'], { clearChatAction: {} });
    case 'delete-chat':
      return high(6, ['deleteChat', change.chat, '1'], { deleteChatAction: {} });
    case 'delete-message':
      return high(3, ['deleteMessageForMe', change.chat, change.id, flag(change.fromMe), '0'], {
        deleteMessageForMeAction: { deleteMedia: false, messageTimestamp: Math.floor(Date.now() / 1000) },
      });
    case 'contact':
      return {
        type: 'critical_unblock_low',
        apiVersion: 2,
        index: ['contact', change.chat],
        operation: change.name === null ? REMOVE : SET,
        syncAction: { contactAction: change.name === null ? {} : { fullName: change.name, lidJid: change.lid } },
      };
    case 'label': {
      const { label, name, color, deleted } = change;
      return regular(3, ['label_edit', label], { labelEditAction: { name, color, deleted } });
    }
    case 'chat-label':
      return regular(3, ['label_jid', change.label, change.chat], {
        labelAssociationAction: { labeled: change.value },
      });
    case 'message-label':
      return regular(3, ['label_message', change.label, change.chat, change.id, '0', '0'], {
        labelAssociationAction: { labeled: change.value },
      });
    case 'push-name':
      return {
        type: 'critical_block',
        apiVersion: 1,
        index: ['setting_pushName'],
        syncAction: { pushNameSetting: { name: change.name } },
      };
    case 'unarchive-chats':
      return low(4, ['setting_unarchiveChats'], { unarchiveChatsSetting: { unarchiveChats: change.value } });
  }
}

function low(apiVersion: number, index: string[], syncAction: proto.ISyncActionValue): Mutation {
  return { type: 'regular_low', apiVersion, index, syncAction };
}

function high(apiVersion: number, index: string[], syncAction: proto.ISyncActionValue): Mutation {
  return { type: 'regular_high', apiVersion, index, syncAction };
}

function regular(apiVersion: number, index: string[], syncAction: proto.ISyncActionValue): Mutation {
  return { type: 'regular', apiVersion, index, syncAction };
}

function flag(value: boolean): '0' | '1' {
  return value ? '1' : '0';
}
