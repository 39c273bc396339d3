import type { ControlJob } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { Connection } from './connection/connection.ts';
import type { StoredAuth } from './connection/stored-auth.ts';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { HeldRecord } from './held-record.ts';
import { importAuth } from './import-auth.ts';
import type { InstanceStore } from './instance-store.ts';

/** What control jobs act on: one instance in the hands of its owner. */
export interface ControlJobsOptions {
  redis: Redis;
  record: HeldRecord;
  connection: Connection;
  store: InstanceStore;
  faults: WorkerFaultPoints;
  storedAuth: StoredAuth;
  log: Logger;
  /** Deletes the instance, whose phone has been told. */
  remove(): Promise<void>;
}

/** How long a logout waits for an open socket before it only wipes what is stored here (ms). */
const logoutOpenMs = 10_000;

/** What a tenant asks of an instance apart from sending: each job of the control lane, and what it does. */
export function createControlJobs(options: ControlJobsOptions): (job: ControlJob) => Promise<void> {
  const { record, connection, log } = options;

  /** WhatsApp learns of a logout only over an open socket: opens one for it, but does not insist. */
  async function logout(): Promise<void> {
    if (record.current.paired) {
      connection.start();
      const deadline = performance.now() + logoutOpenMs;
      const isOpening = () => connection.state.name === 'connecting' || connection.state.name === 'backing-off';
      while (isOpening() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await connection.logout();
  }

  async function endPairing(): Promise<void> {
    const { name } = connection.state;
    if (name !== 'idle' && name !== 'closed') await connection.close('stopped');
    await record.stored();
  }

  async function importFolder(job: Extract<ControlJob, { name: 'import' }>): Promise<void> {
    const { redis, faults, storedAuth, store } = options;
    const { id } = record.current;
    const hasAccount = () => storedAuth.hasAccount(id);
    const isImported = await importAuth(
      { redis, faults, store, instance: () => record.current, hasAccount, endPairing },
      job,
    );
    if (!isImported) return;
    storedAuth.forget(id);
    record.note({ paired: true, device: job.device });
    // Somebody who waited for a QR code gets what they wanted.
    if (record.current.desired === 'connected') connection.start();
  }

  return async (job) => {
    switch (job.name) {
      case 'connect':
        record.note({ desired: 'connected' });
        connection.start();
        return;
      case 'restart':
        record.note({ desired: 'connected' });
        await connection.restart();
        return;
      case 'stop':
        record.note({ desired: 'stopped' });
        await connection.close('stopped');
        return;
      case 'logout':
        await logout();
        return;
      case 'pairing-code':
        if (record.current.paired) return;
        connection
          .requestPairingCode(job.phone, job.requestId)
          .catch((error: unknown) => log.warn({ err: error }, 'pairing-code.failed'));
        return;
      case 'import':
        await importFolder(job);
        return;
      case 'remove':
        await logout();
        await options.remove();
    }
  };
}
