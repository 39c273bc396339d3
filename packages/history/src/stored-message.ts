import type { MediaDescriptor, StoredMessage } from '@flotilla/contracts';
import { withEdit } from './edit.ts';
import { unpackId } from './message-id.ts';
import { decodeView } from './record.ts';
import { decodeResponses, pollResult } from './responses.ts';
import { currentStatus, decodeStatuses, type Statuses, statusHistory } from './statuses.ts';

/** The parts of a message as they are stored; records may end where their view ends. */
export interface StoredParts {
  packedId: Buffer;
  message: Buffer;
  statuses?: Buffer | null;
  edit?: Buffer | null;
  deleted?: Buffer | null;
  file?: Buffer | null;
  star?: Buffer | null;
}

/**
 * A message with everything that has become of it.
 * @param responses the hash of reactions and votes
 * @param journal what the journal says of a sent message, while it lives: it knows of the time before the history did
 */
export function toStoredMessage(
  parts: StoredParts,
  responses: Record<string, string>,
  journal: Statuses | undefined,
): StoredMessage {
  const original = decodeView(unpackId(parts.packedId), parts.message);
  const { edit, file } = parts;
  const message = edit ? withEdit(original, decodeView(original.id, edit.subarray(6))) : original;
  const media: MediaDescriptor | undefined = file
    ? { ...message.media, ...JSON.parse(file.toString()) }
    : message.media;
  const { reactions, votes } = decodeResponses(responses);
  const stored = parts.statuses ? decodeStatuses(parts.statuses.toString()) : undefined;
  const statuses = { at: { ...stored?.at, ...journal?.at }, error: journal?.error ?? stored?.error };
  const status = currentStatus(statuses);
  return {
    ...message,
    ...(media ? { media } : {}),
    direction: message.fromMe ? 'out' : 'in',
    ...(status ? { status, history: statusHistory(statuses) } : {}),
    ...(statuses.error ? { error: statuses.error } : {}),
    ...(edit ? { editedAt: edit.readUIntBE(0, 6) } : {}),
    ...(parts.deleted ? { deletedAt: Number(parts.deleted.toString()) } : {}),
    ...(parts.star ? { starred: true } : {}),
    ...(reactions.length > 0 ? { reactions } : {}),
    ...(message.poll && !parts.deleted ? { votes: pollResult(message.poll.options, votes) } : {}),
  };
}
