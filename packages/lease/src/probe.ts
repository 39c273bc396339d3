import { get } from 'node:http';
import { isIncarnation, isLocal } from './incarnation.ts';

/** `dead` is a proof; `unknown` proves nothing, and its lease has to run out. */
export type ProbeResult = 'alive' | 'dead' | 'unknown';

/** The answer of a worker is some 60 bytes long. */
const longestAnswer = 4_096;

/**
 * Asks an address whether an incarnation lives there. A worker opens its port before it registers and closes it only by
 * exiting, so a refused connection or another incarnation's answer proves its death. Everything else proves nothing.
 * (A firewall between workers that refuses instead of dropping looks like death, hence only silent workers are probed.)
 * @param address host:port as its lease advertises it
 */
export async function probe(address: string, incarnation: string, timeoutMs = 1_000): Promise<ProbeResult> {
  if (!speaksFor(address, incarnation)) return 'unknown';
  try {
    const { status, body } = await ask(address, AbortSignal.timeout(timeoutMs));
    if (status !== 200) return 'unknown';
    const answer = readAnswer(body);
    if (answer.draining) return 'unknown';
    if (answer.incarnation === incarnation) return 'alive';
    return isIncarnation(answer.incarnation) ? 'dead' : 'unknown';
  } catch (error) {
    return isRefusal(error) ? 'dead' : 'unknown';
  }
}

/** Whether an address, seen from here, is the one that an incarnation meant: a loopback is another one on each host. */
export function speaksFor(address: string, incarnation: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':'));
  const onThisHostOnly = /^(localhost|127\..*|\[?::1?\]?|0\.0\.0\.0)$/i.test(host);
  return host !== '' && (!onThisHostOnly || isLocal(incarnation));
}

/** A host name may have several addresses: only if each of them refuses, nobody is there. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isRefusal);
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function readAnswer(body: string): { incarnation: string; draining: boolean } {
  if (!body.startsWith('{')) return { incarnation: body.trim(), draining: false };
  const { incarnation, draining } = JSON.parse(body) as { incarnation?: unknown; draining?: unknown };
  return { incarnation: typeof incarnation === 'string' ? incarnation : '', draining: Boolean(draining) };
}

function ask(address: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    // No agent: a pooled connection may be stale, and a proxy from the environment would answer in the worker's place.
    const request = get(`http://${address}/incarnation`, { agent: false, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > longestAnswer) request.destroy(new Error('The answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
