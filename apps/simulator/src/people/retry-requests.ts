import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import { addressingOf } from '../jid.ts';
import { countReceipt } from '../ledger.ts';
import type { Network } from '../network.ts';
import { bundleKeys } from '../wire/bundle.ts';
import { bigEndian, node } from '../wire/node.ts';
import type { Delivery } from './contact.ts';

/** Retries a contact asks for before it gives a message up. */
const maxRetries = 5;

/** Messages that a contact could not read, and how often it has asked for each again. */
export class RetryRequests {
  /** All that were sent. */
  sent = 0;
  readonly #account: Account;
  readonly #network: Network;
  readonly #counts = new Map<string, number>();

  constructor(account: Account, network: Network) {
    this.#account = account;
    this.#network = network;
  }

  /** Asks the sending device for the message again, with keys for a new session, as phones do. */
  ask({ id, sender, to, group, status }: Delivery): void {
    const count = (this.#counts.get(id) ?? 0) + 1;
    if (count > maxRetries) return;
    this.#counts.set(id, count);
    this.#send({ id, sender, to, group, status }, count);
  }

  /** Asks a device for a message once more, whether it could be read or not, and however often it was asked for. */
  insist(sender: Device, id: string, count: number): void {
    this.#send({ id, sender, to: this.#account.jid('pn') }, count);
  }

  #send(
    { id, sender, to, group, status }: Pick<Delivery, 'id' | 'sender' | 'to' | 'group' | 'status'>,
    count: number,
  ): void {
    this.sent += 1;
    this.#network.counters.add('retryReceiptsToClients');
    countReceipt(this.#network.ledger.find(sender.account.phone, 'out', id), 'retry');
    const { party } = this.#account;
    const own = this.#account.jid(group?.of.addressing ?? addressingOf(to));
    const from = group || status ? { from: to, participant: own } : { from: own };
    sender.deliver(
      node('receipt', { ...from, id, t: now(), type: 'retry' }, [
        node('retry', { count, id, t: now(), v: 1, error: 0 }),
        node('registration', {}, bigEndian(party.registrationId, 4)),
        node('keys', {}, bundleKeys(party.bundle())),
      ]),
    );
  }

  /** The message could be read after all. */
  settle(id: string): void {
    this.#counts.delete(id);
  }
}
