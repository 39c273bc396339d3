import { type App, SimulatorClient, startApp } from '@flotilla/fleet';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { openRedis } from './redis-store.ts';

/** What the tests of a file share, from its first test to its last. */
export interface Bed {
  readonly simulator: SimulatorClient;
  readonly redis: Redis;
  /** A contact and the number of a phone that links a device: both new. @param series first digits of both */
  createPeople(series: { contact: string; phone: string }): Promise<{
    contact: string;
    contactJid: string;
    phone: string;
  }>;
}

/** A simulator that Baileys trusts, and a Redis, for the tests of a file. To be called at its top. */
export function testBed(): Bed {
  let app: App;
  let simulator: SimulatorClient;
  let redis: Redis;
  let closeRedis: () => Promise<void>;
  let people = 0;
  beforeAll(async () => {
    ({ redis, close: closeRedis } = await openRedis());
    app = await startApp('simulator', { LOG_LEVEL: 'error' });
    simulator = new SimulatorClient(app.url);
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(await simulator.rootKey(), 'hex');
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    await closeRedis();
  });
  return {
    get simulator() {
      return simulator;
    },
    get redis() {
      return redis;
    },
    async createPeople(series) {
      people += 1;
      const number = String(people).padStart(6, '0');
      const contact = `${series.contact}${number}`;
      await simulator.createContact({ phone: contact });
      return { contact, contactJid: `${contact}@s.whatsapp.net`, phone: `${series.phone}${number}` };
    },
  };
}
