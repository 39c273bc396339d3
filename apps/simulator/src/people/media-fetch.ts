import type { MediaStore } from '../media/store.ts';
import { decryptMedia, MediaError, type MediaReference } from './media.ts';
import type { ShownMessage } from './shown-message.ts';

/** Downloads media as a phone does, and decrypts them. Throws {@link MediaError} if they are gone or not what was announced. */
export async function* fetchMedia(store: MediaStore, media: MediaReference): AsyncGenerator<Buffer> {
  const blob = media.path ? store.get(media.path) : undefined;
  if (!blob) throw new MediaError('nothing is stored there');
  if (blob.expired) throw new MediaError('it has expired');
  yield* decryptMedia(media, store.read(blob));
}

/** Reads media to their end. Throws {@link MediaError} as {@link fetchMedia} does. */
export async function verifyMedia(store: MediaStore, media: MediaReference): Promise<void> {
  for await (const _ of fetchMedia(store, media));
}

/** Fetches the media of a shown message (one without media needs nothing) and notes whether they are what it says. */
export function loadMedia(store: MediaStore, shown: ShownMessage): void {
  const { media } = shown.content;
  if (!media) return;
  verifyMedia(store, media).then(
    () => {
      shown.media = { name: 'verified' };
    },
    (error: unknown) => {
      shown.media = { name: 'failed', problem: error instanceof Error ? error.message : String(error) };
    },
  );
}
