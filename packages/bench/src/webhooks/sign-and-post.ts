import { createHmac } from 'node:crypto';
import { type Dispatcher, request } from 'undici';

/** What anybody would write: a Standard Webhooks signature and a POST with undici, its answer read to the end. */
export async function signAndPost(
  url: string,
  { id, body, key, dispatcher }: { id: string; body: string; key: Buffer; dispatcher: Dispatcher },
): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const answer = await request(url, {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
    signal: AbortSignal.timeout(15_000),
  });
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`The receiver answered ${answer.statusCode}`);
}
