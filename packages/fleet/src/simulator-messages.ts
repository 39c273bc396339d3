/** Media as a contact was shown them. */
export interface ShownMedia {
  kind: 'image' | 'video' | 'audio' | 'document';
  /** `verified`: downloaded and decrypted; MAC, both hashes and the size are right. */
  state: 'loading' | 'verified' | 'failed';
  problem?: string;
  directPath: string;
  mimetype?: string;
  fileName?: string;
  /** Bytes of the plaintext. */
  size: number;
  /** Of the plaintext, hex. */
  sha256: string;
  seconds?: number;
  waveform?: number[];
  ptt: boolean;
  ptv: boolean;
  gifPlayback: boolean;
  animated: boolean;
  width?: number;
  height?: number;
  thumbnail: boolean;
}

/** A message as a contact sees it now: what it is, and what became of it. */
export interface ShownMessage {
  id: string;
  /** Phone of the other side, or JID of a group or of the status. */
  chat: string;
  /** Phone of who wrote it. */
  sender: string;
  /** Name of the innermost field of the message, such as `conversation`. */
  type: string;
  /** Text or caption as shown now. */
  text?: string;
  /** Unix ms. */
  at: number;
  quoted?: { id: string; type?: string; text?: string; sender?: string };
  /** JIDs. */
  mentions: string[];
  mentionsAll: boolean;
  /** Seconds; 0 if it stays. */
  expiration: number;
  viewOnce: boolean;
  /** 0 if it was not forwarded. */
  forwardingScore: number;
  preview?: { url: string; title?: string; description?: string; thumbnail: boolean };
  media?: ShownMedia;
  edits: number;
  deleted: boolean;
  pinned: boolean;
  pinnedSeconds: number;
  kept: boolean;
  reactions: { from: string; text: string; at: number }[];
  poll?: { name: string; options: string[]; selectable: number; votes: { from: string; options: string[] }[] };
  event?: {
    name: string;
    description?: string;
    startsAt: number;
    canceled: boolean;
    responses: { from: string; response: 'going' | 'not-going' | 'maybe'; extraGuests: number }[];
  };
  /** The album that it is a part of. */
  albumId?: string;
  /** Ids of the parts of an album. */
  parts?: string[];
  /** The message that this one changes; not applied if it was unknown, not allowed or unreadable. */
  changes?: {
    id: string;
    as: 'reaction' | 'edit' | 'delete' | 'pin' | 'keep' | 'vote' | 'response';
    applied: boolean;
  };
  /** The whole message, bytes in base64. */
  message: Record<string, unknown>;
}

/** A message as a contact was shown it. */
export interface InboxEntry extends ShownMessage {
  /** `phone:device` */
  from: string;
  /** How often it was decrypted; it was shown once all the same. */
  decryptions: number;
  /** Place in the inbox, from 1. */
  shownAs: number;
}

export interface Inbox {
  entries: InboxEntry[];
  undecryptable: number;
  retriesSent: number;
  secondDecryptions: number;
}
