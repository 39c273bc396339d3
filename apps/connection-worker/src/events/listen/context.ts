import type { EventData, EventType, InstanceSettings, NewEvent } from '@flotilla/contracts';
import type { HistoryWriter } from '@flotilla/history';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { WASocket } from '@whiskeysockets/baileys';
import type { ChangeQueue } from '../change-queue.ts';
import type { Me } from '../party.ts';
import type { Received, Receiver } from '../receiver.ts';
import type { Told } from '../told.ts';

/** What everything that listens to a socket shares. */
export interface ListenContext {
  sock: WASocket;
  instance: string;
  settings: InstanceSettings;
  redis: Redis;
  history: HistoryWriter;
  receiver: Receiver;
  /** To be called when something received is stored. */
  stored(received: Received): void;
  queue: ChangeQueue;
  told: Told;
  me(): Me | undefined;
  /** Aborted with the socket. */
  signal: AbortSignal;
  log: Logger;
  /** Called when nobody has made a message readable that could not be decrypted. */
  onUnreadable?(): void;
}

/** An event of now, to be appended. */
export const event = <T extends EventType>(type: T, data: EventData<T>) => ({
  event: { type, occurredAt: Date.now(), data } as NewEvent,
});
