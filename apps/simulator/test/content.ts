import { Agent } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { UserFacingSocketConfig } from '@whiskeysockets/baileys';
import type { InboxEntry } from '../src/people/inbox.ts';
import type { MessageView } from '../src/people/message-view.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, eventually } from './client.ts';

/**
 * What a client needs so that it can upload and download media. Uploads take an agent; downloads go through the global
 * `fetch`, which only knows the certificates of the process.
 */
export function mediaOptions(simulator: Simulator): Partial<UserFacingSocketConfig> {
  // Not 'default': that would keep another simulator's authority, which has the same name.
  setDefaultCACertificates([...getCACertificates('bundled'), simulator.ca]);
  return { fetchAgent: new Agent({ ca: simulator.ca }) };
}

export async function inboxOf(simulator: Simulator, phone: string): Promise<InboxEntry[]> {
  return (await admin<{ entries: InboxEntry[] }>(simulator, 'GET', `/contacts/${phone}/inbox`)).entries;
}

export async function sentBy(simulator: Simulator, phone: string): Promise<MessageView[]> {
  return (await admin<{ entries: MessageView[] }>(simulator, 'GET', `/contacts/${phone}/sent`)).entries;
}

/** Waits until a contact shows a message as `until` wants it. */
export function shown(
  simulator: Simulator,
  phone: string,
  id: string | null | undefined,
  until: (entry: InboxEntry) => boolean = () => true,
): Promise<InboxEntry> {
  return eventually(`${id} at ${phone}`, async () =>
    (await inboxOf(simulator, phone)).find((entry) => entry.id === id && until(entry)),
  );
}
