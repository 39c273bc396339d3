import { MediaError } from './errors.ts';
import type { Media } from './media.ts';

export interface SweeperOptions {
  media: Pick<Media, 'sweep'>;
  /** Between two looks (ms). Default a minute; the first comes after one, so that replicas spread. */
  intervalMs?: number;
  /** Told when something was removed, or a look has failed. */
  onResult(outcome: { removed: number } | { error: Error }): void;
}

/** Sweeps now and then until it is stopped. */
export function startSweeper({ media, intervalMs = 60_000, onResult }: SweeperOptions) {
  const stopping = new AbortController();
  let underWay = Promise.resolve();
  const look = async () => {
    try {
      const { removed } = await media.sweep({ signal: stopping.signal });
      if (removed > 0) onResult({ removed });
    } catch (error) {
      onResult({ error: error instanceof Error ? error : new MediaError('MEDIA_STORE_UNAVAILABLE', String(error)) });
    }
    schedule();
  };
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    if (stopping.signal.aborted) return;
    // Replicas that were started together do not look together.
    timer = setTimeout(
      () => {
        underWay = look();
      },
      intervalMs * (0.5 + Math.random()),
    ).unref();
  };
  schedule();
  return {
    /** Waits for what is under way. */
    async stop(): Promise<void> {
      stopping.abort();
      clearTimeout(timer);
      await underWay;
    },
  };
}
