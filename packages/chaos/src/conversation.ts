import type { ContactSettings, Fleet, LinkedPhone, TenantClient } from '@flotilla/fleet';

/** A text that was to be sent, and what the API said. */
interface AttemptedSend {
  text: string;
  /** `unanswered`: given up; it may have been accepted all the same. */
  outcome: 'pending' | 'accepted' | 'unanswered';
}

/** An instance with a contact of its own, and what passed between them. */
export interface Conversation {
  /** Of the instance. */
  readonly id: string;
  readonly linked: LinkedPhone;
  /** Phone of the contact. */
  readonly contact: string;
  /** In the order in which they were offered to the API: one after the other, so in that of acceptance as well. */
  readonly sends: AttemptedSend[];
  /** Ids of the messages that the contact sent, in order. */
  readonly inbound: string[];
  /** Texts that the contact was shown, in order, as far as they were fetched. */
  readonly shown: string[];
}

/** How many instances are paired at a time. */
const pairedAtOnce = 4;

/** Pairs so many instances of a tenant, each with a contact of its own. */
export async function pairConversations(
  fleet: Fleet,
  tenant: TenantClient,
  count: number,
  contactSettings: ContactSettings = {},
): Promise<Conversation[]> {
  const made: Conversation[] = [];
  let begun = 0;
  const one = async () => {
    while (begun < count) {
      begun += 1;
      const { id, linked } = await tenant.pairedInstance(fleet.simulator);
      const { phone } = await fleet.simulator.createContact(contactSettings);
      made.push({ id, linked, contact: phone, sends: [], inbound: [], shown: [] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(pairedAtOnce, count) }, one));
  return made;
}
