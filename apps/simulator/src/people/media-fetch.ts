import type { MediaStore } from '../media/store.ts';
import { decryptMedia, MediaError, type MediaReference } from './media.ts';
import type { ShownMessage } from './shown-message.ts';

/** Downloads media as a phone does, and decrypts it. Throws {@link MediaError} if it is gone or not what was announced. */
export async function fetchMedia(store: MediaStore, media: MediaReference): Promise<Buffer> {
  const blob = media.path ? store.get(media.path) : undefined;
  if (!blob) throw new MediaError('nothing is stored there');
  if (blob.expired) throw new MediaError('it has expired');
  return decryptMedia(media, await store.bytes(blob));
}

/** Fetches the media of a shown message, if it has any, and notes whether they are what it says. */
export function loadMedia(store: MediaStore, shown: ShownMessage): void {
  const { media } = shown.content;
  if (!media) return;
  fetchMedia(store, media).then(
    () => {
      shown.media = { name: 'verified' };
    },
    (error: unknown) => {
      shown.media = { name: 'failed', problem: error instanceof Error ? error.message : String(error) };
    },
  );
}
