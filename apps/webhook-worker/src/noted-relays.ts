import { setTimeout as pause } from 'node:timers/promises';
import type { RelayJob } from '@flotilla/contracts';
import type { RelayNote, RelayNotes } from '@flotilla/queue';

/** How often notes of what is under way are renewed (ms). */
const lookEveryMs = 2_000;

/** Notes of dead workers are brought back with each so many looks: that is a command each time, of an idle fleet, too. */
const looksForDead = 2;

/** What is done is said so often (ms): many in one command. */
const tellEveryMs = 100;

/** After Redis has failed a command it is asked again after so long (ms). */
const againMs = 500;

interface NotedRelaysOptions {
  notes: RelayNotes;
  /** Relays what is new of an instance. If it rejects, the note comes again by itself some seconds later. */
  relay: (job: RelayJob) => Promise<void>;
  /** How many may be under way at a time. */
  most: number;
  /** Called as long as notes are taken as they should be. */
  onRound: () => void;
  /** Told what a command has failed with. */
  onError: (error: Error) => void;
}

/**
 * Relays instances as their notes come. A note is taken away only when what it stood for is done, many of them together;
 * what a worker has taken that dies is noted anew by whichever sees it first.
 */
export function startNotedRelays({ notes, relay, most, onRound, onError }: NotedRelaysOptions) {
  const underWay = new Set<RelayNote>();
  let done: RelayNote[] = [];
  let telling: NodeJS.Timeout | undefined;
  let isOpen = true;
  let roomy = () => {};

  const patiently = (work: () => Promise<unknown>) => work().catch((error: Error) => onError(error));
  const tell = async () => {
    telling = undefined;
    const told = done;
    done = [];
    // What this fails for is relayed once more, and then there is nothing to do.
    if (told.length > 0) await patiently(() => notes.done(told));
  };

  const work = async (note: RelayNote) => {
    underWay.add(note);
    try {
      await relay(note.job);
      done.push(note);
      telling ??= setTimeout(tell, tellEveryMs);
    } catch (error) {
      onError(error as Error);
    } finally {
      underWay.delete(note);
      roomy();
    }
  };

  const take = async () => {
    while (isOpen) {
      const room = most - underWay.size;
      if (room <= 0) {
        await new Promise<void>((resolve) => {
          roomy = resolve;
        });
        continue;
      }
      try {
        for (const note of await notes.take(room)) void work(note);
      } catch (error) {
        onError(error as Error);
        await pause(againMs);
      }
      onRound();
    }
  };
  const taking = take();

  let looking = false;
  let count = 0;
  const looks = setInterval(async () => {
    if (looking) return;
    looking = true;
    const isForDead = count % looksForDead === 0;
    count += 1;
    await Promise.all([patiently(() => notes.renew([...underWay])), isForDead && patiently(() => notes.bringBack())]);
    looking = false;
  }, lookEveryMs);

  return {
    /** Takes no more notes, and waits for those that were taken. */
    async close(): Promise<void> {
      isOpen = false;
      await patiently(() => notes.stop());
      await taking;
      while (underWay.size > 0) {
        await new Promise<void>((resolve) => {
          roomy = resolve;
        });
      }
      clearInterval(looks);
      clearTimeout(telling);
      await tell();
      notes.close();
    },
  };
}
