import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Change } from './change.ts';
import type { LinkPreview, Quoted } from './content.ts';
import type { MediaReference } from './media.ts';
import type { EventResponse, ShownMessage } from './shown-message.ts';

/** Media as ground truth tells it. */
interface MediaView
  extends Omit<MediaReference, 'path' | 'mediaKey' | 'fileSha256' | 'fileEncSha256' | 'mimetype' | 'kind'> {
  kind: string;
  mimetype: string | undefined;
  /** Hex SHA-256 of the plaintext, as announced; it is right once the state is `verified`. */
  sha256: string;
  directPath: string;
  /** `verified`: downloaded, decrypted, both hashes, the MAC and the size are right. */
  state: 'loading' | 'verified' | 'failed';
  problem: string | undefined;
}

/** A message as ground truth tells it: what it is, and what became of it. */
export interface MessageView {
  id: string;
  /** Phone of the other side, or JID of a group or of the status. */
  chat: string;
  /** Phone of who wrote it. */
  sender: string;
  /** Kind of content: the name of the innermost field, such as `conversation`. */
  type: string;
  /** What is shown now: after edits, nothing once it is deleted. */
  text: string | undefined;
  /** Unix milliseconds of the first time it was shown. */
  at: number;
  quoted: Quoted | undefined;
  /** JIDs. */
  mentions: string[];
  mentionsAll: boolean;
  /** Seconds; 0 if it does not disappear. */
  expiration: number;
  viewOnce: boolean;
  /** 0 if it was not forwarded. */
  forwardingScore: number;
  preview: LinkPreview | undefined;
  media: MediaView | undefined;
  edits: number;
  deleted: boolean;
  pinned: boolean;
  pinnedSeconds: number;
  kept: boolean;
  /** The last reaction of each person. */
  reactions: { from: string; text: string; at: number }[];
  poll:
    | { name: string; options: string[]; selectable: number; votes: { from: string; options: string[] }[] }
    | undefined;
  event:
    | {
        name: string;
        description: string | undefined;
        startsAt: number;
        canceled: boolean;
        responses: ({ from: string } & EventResponse)[];
      }
    | undefined;
  /** Id of the album that it is a part of. */
  albumId: string | undefined;
  /** Ids of the parts, if it is an album. */
  parts: string[] | undefined;
  /** The message that this one changes, how, and whether the change was allowed and readable. */
  changes: { id: string; as: Change['as']; applied: boolean } | undefined;
  /** The whole message as JSON; bytes in base64. */
  message: unknown;
}

/** The view of a shown message. `parts` are the messages that named it as their album. */
export function viewOf(shown: ShownMessage, changes: MessageView['changes'], parts: string[] | undefined): MessageView {
  const { content, poll, event } = shown;
  const { type, quoted, mentions, mentionsAll, expiration, viewOnce, forwardingScore, preview } = content;
  return {
    id: shown.id,
    chat: shown.chat,
    sender: shown.sender.phone,
    type,
    text: shown.text,
    at: shown.at,
    quoted,
    mentions,
    mentionsAll,
    expiration,
    viewOnce,
    forwardingScore,
    preview,
    media: mediaOf(shown),
    edits: shown.edits,
    deleted: shown.deleted,
    pinned: shown.pinned,
    pinnedSeconds: shown.pinnedSeconds,
    kept: shown.kept,
    reactions: Array.from(shown.reactions, ([from, reaction]) => ({ from, ...reaction })),
    poll: poll && { ...poll, votes: Array.from(poll.votes, ([from, options]) => ({ from, options })) },
    event: event && {
      ...event,
      responses: Array.from(event.responses, ([from, response]) => ({ from, ...response })),
    },
    albumId: shown.albumId,
    parts: type === 'albumMessage' ? (parts ?? []) : undefined,
    changes,
    message: proto.Message.decode(shown.bytes),
  };
}

function mediaOf({ content: { media }, media: state, deleted }: ShownMessage): MediaView | undefined {
  if (!media || deleted) return undefined;
  const { path, mediaKey: _key, fileSha256, fileEncSha256: _encrypted, ...rest } = media;
  return {
    ...rest,
    directPath: path,
    sha256: fileSha256.toString('hex'),
    state: state.name,
    problem: state.name === 'failed' ? state.problem : undefined,
  };
}
