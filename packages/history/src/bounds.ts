/** How much history is kept for each instance. If either is 0 there is none: nothing is written. */
export interface HistoryBounds {
  days: number;
  messages: number;
}

/** The bounds unless the configuration says otherwise. */
export const defaultBounds: Readonly<HistoryBounds> = { days: 30, messages: 10_000 };

/** Whether there is a history at all. */
export const isOn = ({ days, messages }: HistoryBounds) => days > 0 && messages > 0;

/** What is older than this is not kept (Unix ms). */
export const oldestKept = ({ days }: HistoryBounds, now: number) => now - days * 86_400_000;

/** Chats and contacts that are kept for each instance; the oldest beyond these go. */
export const keptChats = 10_000;
export const keptContacts = 20_000;

/** LIDs whose phone numbers are kept for each instance; those that became known first go. */
export const keptLids = 100_000;
