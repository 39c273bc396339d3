import type { FlotillaEvent } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { type AuditOptions, audit, type Evidence, type Findings, stillMissing, type WitnessedEvent } from './audit.ts';
import type { Stage } from './stage.ts';

/** Fetches what the contacts were shown since the last time, and puts it beside what the log and the receiver say. */
async function gatherEvidence(stage: Stage): Promise<Evidence> {
  const exchanges = [];
  const instances = new Set<string>();
  for (const { id, contact, sends, inbound, shown } of stage.conversations) {
    const { entries } = await stage.simulator.inbox(contact, shown.length);
    shown.push(...entries.map(({ text = '' }) => text));
    exchanges.push({ instance: id, sends, inbound, shown });
    instances.add(id);
  }
  const own = ({ instance }: WitnessedEvent) => instances.has(instance);
  return {
    exchanges,
    log: stage.follower.seen.map((event) => witnessed(event)).filter(own),
    deliveries: stage.fleet.receiver.deliveries
      .filter(({ verified }) => verified)
      .map(({ json, body }) => witnessed(json as FlotillaEvent, body))
      .filter(own),
  };
}

/** How often it is said what is still missing, in milliseconds. */
const remindMs = 5_000;

/** Waits until everything has arrived, or for so long, and then says what is missing or too much. */
export async function settledAudit(stage: Stage, settleMs: number): Promise<Findings> {
  const options: AuditOptions = { pairedAt: stage.pairedAt };
  const began = performance.now();
  let remindedAt = began;
  const look = async () => audit(await gatherEvidence(stage), options);
  const complete = async () => {
    const findings = await look();
    const missing = stillMissing(findings);
    if (missing.length === 0) return findings;
    if (performance.now() - remindedAt > remindMs) {
      remindedAt = performance.now();
      stage.note(`still missing: ${missing.join(', ')}`);
    }
    return undefined;
  };
  const findings = await eventually(complete, { timeoutMs: settleMs, intervalMs: 500 }).catch(look);
  stage.measure('settling (s)', (performance.now() - began) / 1_000);
  return findings;
}

function witnessed(event: FlotillaEvent, body?: string): WitnessedEvent {
  const { id, type, instance, sequence } = event;
  return { id, type, instance, sequence, body, message: incoming(event), unpaired: isUnpaired(event) };
}

function incoming({ type, data }: FlotillaEvent): WitnessedEvent['message'] {
  if (type !== 'messages.upsert' || data.message.fromMe) return undefined;
  return { id: data.message.id, readable: data.message.kind !== 'unreadable' };
}

/** It asks for a phone, or says that none is linked any more. */
function isUnpaired({ type, data }: FlotillaEvent): boolean {
  if (type === 'qrcode.updated') return true;
  return type === 'connection.update' && (data.reason === 'logged-out' || data.reason === 'refused');
}
