import type { EventMessage, EventType, FlotillaEvent } from '@flotilla/contracts';

/** What a format may know besides the event. */
export interface FormatContext {
  instance: {
    id: string;
    alias?: string;
    name: string;
    metadata?: Record<string, string>;
    /** The linked phone number, digits only. */
    phone?: string;
    /** The profile name of the linked number. */
    pushName?: string;
    /** The linked device. */
    jid?: string;
  };
  /** Where the file of a message is to be had without a key; undefined if nobody has said where the API is reached. */
  fileUrl?(message: EventMessage): string | undefined;
  /** A QR code as a PNG in a data: URL. @param text what the code says */
  qrDataUrl(text: string): Promise<string>;
}

/** What is posted. */
export interface Formatted {
  body: object;
  /** Appended to the path of the endpoint's URL; begins with a slash. */
  path?: string;
}

/** How events look in one format. Pure: the same event and context give the same body. */
export interface Format {
  /** Types that can have a counterpart. */
  events: readonly EventType[];
  /** @returns undefined if this event has no counterpart */
  format(event: FlotillaEvent, context: FormatContext): Promise<Formatted | undefined>;
}

/** What clients call the instance: the name that they gave it, else its id. */
export const nameOf = ({ instance }: FormatContext): string => instance.alias ?? instance.id;

/** Unix ms as ISO 8601 with milliseconds, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
