import {
  type Attempt,
  type DeadLetter,
  type Delivery,
  endpointKeys,
  type FlotillaEvent,
  type Ordering,
} from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';

const pushScript = defineScript(new URL('./push.lua', import.meta.url));

/** What is known of an event without reading it. */
type EventHead = Pick<FlotillaEvent, 'id' | 'instance' | 'sequence' | 'type'>;

/** What a mailbox holds for each event, besides the event itself. */
export interface EntryHead {
  event: EventHead;
  /** When it happened (Unix ms). */
  occurredAt: number;
  /** Failed attempts so far, of all rounds. */
  attempts: Attempt[];
  /** How many of them belong to rounds before the last redrive, which started the schedule anew. */
  earlier: number;
  /** The replay that it is sent by, or `resend`; absent from live traffic. */
  via?: string;
}

/** An event that waits for an endpoint, with what is known of its delivery. */
export interface MailboxEntry extends Omit<EntryHead, 'event' | 'occurredAt'> {
  event: FlotillaEvent;
}

/** What is kept of a dead letter. */
export interface StoredDeadLetter extends MailboxEntry {
  deadAt: number;
}

/** Which mailbox. */
export interface Mailbox {
  endpoint: string;
  /** Whose events are in it, or what they were put into it for. */
  instance: string;
}

/** How events are put into a mailbox. */
export interface PushOptions {
  /** `unordered`: each event gets a mailbox of its own, so that it waits for no other. */
  ordering?: Ordering;
  /**
   * With events that had stayed in the log because there was no room: whether these are the last of them. Without it
   * nothing is put into a mailbox that is behind, because it would overtake them.
   */
  catchUp?: 'catch-up' | 'caught-up';
  /** The replay that they are sent by. */
  via?: string;
}

/** What putting events into a mailbox has led to. */
export interface Pushed {
  added: number;
  /** The last sequence that was ever put in. */
  last: number;
  /** Whether events of this instance have to stay in the log for now. */
  isBehind: boolean;
  /**
   * Whether these events are all that there is to do for the endpoint, and none of its attempts failed lately: nobody is
   * at it, and nobody was asked to be.
   */
  isQuiet: boolean;
}

/** The text of each event is made once, however many endpoints it goes to. */
const texts = new WeakMap<FlotillaEvent, string>();

/** An event as it is stored, and as it is posted in the native format. */
function textOf(event: FlotillaEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const { id, type, instance, sequence, occurredAt, data } = event;
  const text = JSON.stringify({ id, type, instance, sequence, occurredAt, data });
  texts.set(event, text);
  return text;
}

/** What is known of an entry, as it is stored before the event. */
export const headText = ({ event, occurredAt, attempts, earlier, via }: EntryHead): string =>
  JSON.stringify([event.id, event.instance, event.sequence, event.type, occurredAt, earlier, attempts, via]);

/** The reverse of {@link headText}. */
export function parseHead(text: string): EntryHead {
  const [id, instance, sequence, type, occurredAt, earlier, attempts, via] = JSON.parse(text);
  return { event: { id, instance, sequence, type }, occurredAt, attempts, earlier, ...(via && { via }) };
}

/** An entry as a mailbox holds it, behind the two times that scripts put before it. */
export const entryText = ({ event, ...rest }: MailboxEntry): string =>
  `${headText({ event, occurredAt: event.occurredAt, ...rest })}\n${textOf(event)}`;

/** What is known of an entry that a mailbox holds. */
export const storedHead = (stored: string): EntryHead =>
  parseHead(stored.slice(stored.indexOf(':', stored.indexOf(':') + 1) + 1, stored.indexOf('\n')));

/**
 * Puts events into a mailbox; those that it has already been given are skipped.
 * @param events of one instance, in order
 */
export async function push(
  redis: Redis,
  { endpoint, instance }: Mailbox,
  events: readonly FlotillaEvent[],
  { ordering = 'ordered', catchUp, via }: PushOptions = {},
): Promise<Pushed> {
  const entries = events.flatMap((event) => [
    event.sequence,
    entryText({ event, attempts: [], earlier: 0, ...(via !== undefined && { via }) }),
  ]);
  const [added, last, behind, quiet] = (await pushScript(
    redis,
    [
      endpointKeys.mailbox(endpoint, instance),
      endpointKeys.accepted(endpoint),
      endpointKeys.ready(endpoint),
      endpointKeys.backlog(endpoint),
      endpointKeys.behind(endpoint),
      endpointKeys.due(endpoint),
      endpointKeys.inFlight(endpoint),
      endpointKeys.health(endpoint),
    ],
    [
      ...[instance, ordering === 'unordered' ? '1' : '', endpointKeys.mailbox(endpoint, ''), bounds.mailbox],
      ...[bounds.backlog, catchUp ?? '', ...entries],
    ],
  )) as [number, number, number, number];
  return { added, last, isBehind: behind === 1, isQuiet: quiet === 1 };
}

/** An entry as listings show it. */
export function toDelivery(
  endpoint: string,
  { event, attempts }: Pick<EntryHead, 'event' | 'attempts'>,
  state: Delivery['state'],
  nextAttemptAt?: number,
): Delivery {
  const { id, instance, type, sequence } = event;
  return { id, webhook: endpoint, instance, type, sequence, state, ...(nextAttemptAt && { nextAttemptAt }), attempts };
}

/** A dead letter as listings show it. */
export function toDeadLetter(endpoint: string, { event, attempts, deadAt }: StoredDeadLetter): DeadLetter {
  const { id: eventId, instance, type, sequence } = event;
  return { id: `${endpoint}.${eventId}`, webhook: endpoint, eventId, instance, type, sequence, deadAt, attempts };
}
