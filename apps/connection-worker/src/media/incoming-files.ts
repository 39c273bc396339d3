import { setTimeout as delay } from 'node:timers/promises';
import type { MediaDescriptor } from '@flotilla/contracts';
import type { HistoryWriter } from '@flotilla/history';
import { FencedError } from '@flotilla/lease';
import { type Media, MediaError } from '@flotilla/media';
import type { Redis } from '@flotilla/redis';
import type { Logger, WatchedLoop } from '@flotilla/service';
import type { InstanceStore } from '../instance-store.ts';
import { FileMismatchError } from './decrypt.ts';
import { type Downloads, FileGoneError } from './download.ts';
import type { FairSlots } from './fair-slots.ts';
import { expectFile, fileIdOf, forgetFile, nextFiles, type PendingFile, readPending } from './pending-files.ts';
import type { Reupload } from './reupload.ts';

/** What all sockets of a worker share for fetching files. */
export interface FileFetching {
  media: Media;
  downloads: Downloads;
  slots: FairSlots;
}

export interface IncomingFilesOptions extends FileFetching {
  redis: Redis;
  store: InstanceStore;
  history: HistoryWriter;
  tenant: string;
  instance: string;
  log: Logger;
  loop: WatchedLoop;
  /** Aborted with the socket: what is under way is left to whoever opens the next one. */
  signal: AbortSignal;
  /** Asks the phone to upload a file again. */
  reupload(pending: PendingFile): Promise<Reupload>;
}

/** So many files of one instance are fetched side by side. */
const parallel = 3;
/** When a file is tried again (ms after the failure), by how often it has failed; after the last it is given up. */
const retryMs = [2_000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000];
/** A file that arrives damaged is damaged where it lies: a few tries tell that from a bad connection. */
const triesOfDamaged = 3;
/** How long a file is left alone whose outcome could not be stored (ms): at first, then twice as long each time. */
const coolMs = 2_000;
const longestCoolMs = 120_000;

/** The longest that a timer waits (ms). */
const longestTimerMs = 2_147_483_647;

/** What became of one try. */
type Outcome =
  | { state: 'stored'; size: number; sha256: string; mimeType: string }
  | { state: 'skipped' | 'failed'; error: string }
  | { state: 'again'; inMs: number; change?: Partial<PendingFile> }
  | { state: 'left' };

/**
 * Fetches the files of an instance's messages into the object store. What is to be fetched is a list in Redis that was
 * written together with the messages' events, so a crash loses none: the next owner goes on where this one stopped.
 */
export class IncomingFiles {
  readonly #options: IncomingFilesOptions;
  readonly #running = new Map<string, Promise<void>>();
  /** Files whose outcome could not be stored, although they could be fetched: they are not fetched again at once. */
  readonly #cooling = new Map<string, { until: number; ms: number }>();
  /** Ends the pause, and remembers a call between two of them. */
  #woken = new AbortController();

  constructor(options: IncomingFilesOptions) {
    this.#options = options;
  }

  /** Works until the socket is closed, and nothing is under way any more. Never rejects. */
  async run(): Promise<void> {
    const { signal, log } = this.#options;
    while (!signal.aborted) {
      this.#woken = new AbortController();
      let waitMs = Number.POSITIVE_INFINITY;
      try {
        waitMs = await this.#options.loop.during(() => this.#startDue());
      } catch (error) {
        if (error instanceof FencedError) break;
        log.debug({ err: error }, 'files.interrupted');
        waitMs = coolMs;
      }
      await this.#pause(waitMs);
    }
    await Promise.all(this.#running.values());
  }

  /** There is something new on the list. */
  wake(): void {
    this.#woken.abort();
  }

  /**
   * Puts a file on the list (again) and tells what it is called there.
   * @returns the descriptor of the file while it is fetched
   */
  async fetchAgain(pending: PendingFile): Promise<MediaDescriptor> {
    const { store, instance, history } = this.#options;
    const { id: _, error: __, ...about } = pending.about;
    const descriptor: MediaDescriptor = { ...about, status: 'pending' };
    await store.write([
      ...expectFile(instance, { ...pending, about: descriptor, tries: 0, asked: false }, Date.now()),
      ...history.setMedia({ id: pending.id, chats: pending.chats }, descriptor),
    ]);
    this.wake();
    return descriptor;
  }

  /** @returns ms until something is due; whatever adds to the list wakes this up */
  async #startDue(): Promise<number> {
    const { redis, instance } = this.#options;
    const now = Date.now();
    const files = await nextFiles(redis, instance, parallel * 2);
    let waitMs = Number.POSITIVE_INFINITY;
    for (const { fileId, dueAt } of files) {
      if (this.#running.has(fileId)) continue;
      if (dueAt > now) return Math.min(waitMs, dueAt - now);
      const cooling = (this.#cooling.get(fileId)?.until ?? 0) - performance.now();
      if (cooling > 0) {
        waitMs = Math.min(waitMs, cooling);
        continue;
      }
      // The end of one of those that run wakes this up.
      if (this.#running.size >= parallel) return waitMs;
      const running = this.#fetch(fileId).finally(() => {
        this.#running.delete(fileId);
        this.wake();
      });
      this.#running.set(fileId, running);
    }
    return waitMs;
  }

  async #pause(ms: number): Promise<void> {
    const ends = AbortSignal.any([this.#woken.signal, this.#options.signal]);
    // A timer bears no more than some weeks, and nothing at all is due at infinity.
    await delay(Math.min(ms, longestTimerMs), undefined, { signal: ends, ref: Number.isFinite(ms) }).catch(() => {});
  }

  async #fetch(fileId: string): Promise<void> {
    const { redis, instance, tenant, store, slots, signal, log } = this.#options;
    try {
      const pending = await readPending(redis, instance, fileId);
      if (!pending) {
        await store.write(forgetFile(instance, fileId));
        return;
      }
      const giveBack = await slots.take(tenant, signal);
      const began = performance.now();
      let outcome: Outcome;
      try {
        outcome = await this.#try(fileId, pending);
      } finally {
        giveBack();
      }
      if (outcome.state === 'left') return;
      await this.#settle(fileId, pending, outcome);
      this.#cooling.delete(fileId);
      const ms = Math.round(performance.now() - began);
      const error = 'error' in outcome ? outcome.error : undefined;
      log.info({ file: fileId, outcome: outcome.state, error, tries: (pending.tries ?? 0) + 1, ms }, 'file.fetched');
    } catch (error) {
      // Redis is away, or the socket is closed: the list has it still.
      const ms = Math.min((this.#cooling.get(fileId)?.ms ?? coolMs / 2) * 2, longestCoolMs);
      this.#cooling.set(fileId, { until: performance.now() + ms, ms });
      if (!signal.aborted && !(error instanceof FencedError)) log.debug({ err: error, file: fileId }, 'file.left');
    }
  }

  async #try(fileId: string, pending: PendingFile): Promise<Outcome> {
    const { media, downloads, tenant, instance, signal } = this.#options;
    const { mimeType, fileName } = pending.file;
    try {
      const content = await downloads.open(pending.file, signal);
      const stored = await media.put(tenant, content, { id: fileId, instance, mimeType, fileName, signal });
      return { state: 'stored', size: stored.size, sha256: stored.sha256, mimeType: stored.mimeType };
    } catch (error) {
      if (signal.aborted) return { state: 'left' };
      if (error instanceof FileGoneError) return this.#askAgain(pending);
      if (error instanceof MediaError && (error.code === 'MEDIA_TOO_LARGE' || error.code === 'MEDIA_QUOTA_EXCEEDED'))
        return { state: 'skipped', error: reasons[error.code] };
      const isDamaged = error instanceof FileMismatchError;
      return retry(
        pending,
        isDamaged ? triesOfDamaged : retryMs.length,
        isDamaged ? reasons.damaged : reasons.unavailable,
      );
    }
  }

  async #askAgain(pending: PendingFile): Promise<Outcome> {
    if (pending.asked) return { state: 'failed', error: reasons.gone };
    const answer = await this.#options.reupload(pending);
    if (this.#options.signal.aborted) return { state: 'left' };
    if (answer === 'not-found') return { state: 'failed', error: reasons.gone };
    if (answer === 'no-answer') return retry(pending, retryMs.length, reasons.gone);
    const { url } = pending.file;
    const moved = url && URL.canParse(url) ? new URL(answer.directPath, url).href : undefined;
    return {
      state: 'again',
      inMs: 0,
      change: { asked: true, file: { ...pending.file, url: moved, directPath: answer.directPath } },
    };
  }

  async #settle(fileId: string, pending: PendingFile, outcome: Exclude<Outcome, { state: 'left' }>): Promise<void> {
    const { store, history, instance } = this.#options;
    if (outcome.state === 'again') {
      const tries = (pending.tries ?? 0) + 1;
      await store.write(expectFile(instance, { ...pending, tries, ...outcome.change }, Date.now() + outcome.inMs));
      return;
    }
    const { state: status, ...what } = outcome;
    const { error: _, ...about } = pending.about;
    const descriptor: MediaDescriptor = {
      ...about,
      ...what,
      status,
      ...(status === 'stored' ? { id: fileIdOf(instance, pending) } : {}),
    };
    const { id, chat, chats } = pending;
    await store.write(
      [...forgetFile(instance, fileId), ...history.setMedia({ id, chats }, descriptor)],
      [
        {
          event: { type: 'messages.media-update', occurredAt: Date.now(), data: { id, chat, media: descriptor } },
        },
      ],
    );
  }
}

/** What a tenant reads about a file that is not there. */
const reasons = {
  MEDIA_TOO_LARGE: 'It is larger than a file may be',
  MEDIA_QUOTA_EXCEEDED: 'The storage of this tenant is full',
  damaged: 'It is not the file that the message announced',
  gone: 'WhatsApp has it no longer, and the phone has not uploaded it again',
  unavailable: 'It could not be fetched',
} as const;

function retry({ tries = 0 }: PendingFile, most: number, error: string): Outcome {
  const inMs = retryMs[tries];
  return tries + 1 < most && inMs !== undefined ? { state: 'again', inMs } : { state: 'failed', error };
}
