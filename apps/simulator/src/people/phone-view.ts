import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** A chat as the phone shows it. */
export interface ChatView {
  chat: string;
  archived: boolean;
  pinned: boolean;
  /** Unix milliseconds; null if it is not muted. */
  mutedUntil: number | null;
  markedUnread: boolean;
  cleared: boolean;
  deleted: boolean;
  labels: string[];
}

/** A message that the account's owner did something with. */
export interface MessageView {
  chat: string;
  id: string;
  fromMe: boolean;
  starred: boolean;
  deletedForMe: boolean;
  labels: string[];
}

/** What the phone of an account shows after all app state that it has read. */
export class PhoneView {
  readonly chats = new Map<string, ChatView>();
  readonly messages = new Map<string, MessageView>();
  /** Names in the address book, by JID. */
  readonly contacts = new Map<string, { jid: string; name: string; lid?: string }>();
  readonly labels = new Map<string, { id: string; name: string; color: number }>();
  readonly quickReplies = new Map<string, { shortcut: string; message: string }>();
  /** Settings by their index, as they came. */
  readonly settings = new Map<string, unknown>();
  pushName: string | undefined;

  /** Applies one mutation: what its index names has this value now, or none any more. */
  apply([type = '', first = '', second = '', third = '']: string[], value: proto.ISyncActionValue, removed: boolean) {
    switch (type) {
      case 'archive':
        this.#chat(first).archived = !removed && value.archiveChatAction?.archived === true;
        return;
      case 'pin_v1':
        this.#chat(first).pinned = !removed && value.pinAction?.pinned === true;
        return;
      case 'mute':
        this.#chat(first).mutedUntil =
          !removed && value.muteAction?.muted ? Number(value.muteAction.muteEndTimestamp ?? -1) : null;
        return;
      case 'markChatAsRead':
        this.#chat(first).markedUnread = !removed && value.markChatAsReadAction?.read === false;
        return;
      case 'clearChat':
        this.#chat(first).cleared = true;
        return;
      case 'deleteChat':
        this.#chat(first).deleted = true;
        return;
      case 'star':
        this.#message(first, second, third === '1').starred = !removed && value.starAction?.starred === true;
        return;
      case 'deleteMessageForMe':
        this.#message(first, second, third === '1').deletedForMe = true;
        return;
      case 'contact':
        this.#contact(first, value.contactAction, removed);
        return;
      case 'label_edit': {
        const { name, color, deleted } = value.labelEditAction ?? {};
        if (removed || deleted) this.labels.delete(first);
        else this.labels.set(first, { id: first, name: name ?? '', color: color ?? 0 });
        return;
      }
      case 'label_jid':
        mark(this.#chat(second).labels, first, !removed && value.labelAssociationAction?.labeled === true);
        return;
      case 'label_message':
        mark(
          this.#message(second, third, false).labels,
          first,
          !removed && value.labelAssociationAction?.labeled === true,
        );
        return;
      case 'quick_reply': {
        const { shortcut, message, deleted } = value.quickReplyAction ?? {};
        if (removed || deleted) this.quickReplies.delete(first);
        else this.quickReplies.set(first, { shortcut: shortcut ?? '', message: message ?? '' });
        return;
      }
      case 'setting_pushName':
        this.pushName = value.pushNameSetting?.name ?? this.pushName;
        return;
      default: {
        const { timestamp: _, ...setting } = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        this.settings.set([type, first, second].filter(Boolean).join(' '), setting);
      }
    }
  }

  #chat(chat: string): ChatView {
    let view = this.chats.get(chat);
    if (!view) {
      view = {
        chat,
        archived: false,
        pinned: false,
        mutedUntil: null,
        markedUnread: false,
        cleared: false,
        deleted: false,
        labels: [],
      };
      this.chats.set(chat, view);
    }
    return view;
  }

  #message(chat: string, id: string, fromMe: boolean): MessageView {
    const key = `${chat}|${id}`;
    let view = this.messages.get(key);
    if (!view) {
      view = { chat, id, fromMe, starred: false, deletedForMe: false, labels: [] };
      this.messages.set(key, view);
    }
    return view;
  }

  #contact(jid: string, action: proto.SyncActionValue.IContactAction | null | undefined, removed: boolean): void {
    if (removed || !action) {
      this.contacts.delete(jid);
      return;
    }
    const lid = action.lidJid ? { lid: action.lidJid } : {};
    this.contacts.set(jid, { jid, name: action.fullName ?? action.firstName ?? '', ...lid });
  }
}

function mark(labels: string[], label: string, on: boolean): void {
  const at = labels.indexOf(label);
  if (on && at < 0) labels.push(label);
  if (!on && at >= 0) labels.splice(at, 1);
}
