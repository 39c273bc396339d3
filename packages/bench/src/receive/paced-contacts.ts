/**
 * A process that has contacts write at an even pace. Arguments: what to do, as JSON ({@link PacedContacts}). Prints when
 * each message was asked for, as JSON: its encryption by the contact is part of the time that is measured.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { SimulatorClient } from '@flotilla/fleet';
import type { Arrivals } from './noting-receiver.ts';

/** Who writes to whom: a contact and a linked account, digits only. */
export interface Pair {
  contact: string;
  phone: string;
}

/** What to do. */
export interface PacedContacts {
  simulatorUrl: string;
  pairs: Pair[];
  count: number;
  /** Messages of all contacts together. */
  perSecond: number;
}

const { simulatorUrl, pairs, count, perSecond }: PacedContacts = JSON.parse(process.argv[2] ?? '{}');
const simulator = new SimulatorClient(simulatorUrl);
const written: Arrivals = {};

async function write(n: number): Promise<void> {
  const { contact, phone } = pairs[n % pairs.length] ?? { contact: '', phone: '' };
  const at = Date.now();
  written[await simulator.contactSend(contact, phone, `What has become of my order number ${n}?`)] = at;
}

const began = performance.now();
const all: Promise<void>[] = [];
for (let n = 0; n < count; n += 1) {
  const early = began + (n / perSecond) * 1_000 - performance.now();
  if (early > 1) await pause(early);
  all.push(write(n));
}
await Promise.all(all);
console.log(JSON.stringify(written));
