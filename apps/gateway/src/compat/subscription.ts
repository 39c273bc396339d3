import type { FormatName, Webhook } from '@flotilla/contracts';
import { apiError } from '../errors.ts';
import type { Parts } from '../parts.ts';

/** A dialect whose document has events: the format of its webhooks has its name. */
export type EventDialect = Exclude<FormatName, 'native'>;

type Needs = Pick<Parts, 'endpoints' | 'checkWebhookUrl'>;

/** Which webhook a dialect means: the one of an instance, or the one of all. */
export interface Subscription {
  dialect: EventDialect;
  /** Id of the instance; without it events of all instances are posted. */
  instance?: string;
}

/** By this a dialect knows again what it has subscribed. */
const markOf = (dialect: EventDialect) => `Set by the dialect ${dialect}`;

/** Every webhook that a dialect has set for a tenant, oldest first. */
export async function subscriptionsOf(
  { endpoints }: Pick<Parts, 'endpoints'>,
  tenant: string,
  dialect: EventDialect,
): Promise<Webhook[]> {
  const found: Webhook[] = [];
  let cursor: string | undefined;
  do {
    const page = await endpoints.list(tenant, { limit: 200, ...(cursor && { cursor }) });
    found.push(...page.items.filter(({ description }) => description === markOf(dialect)));
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

/** Whether a webhook is the one that a subscription means. */
const belongsTo = ({ instances }: Pick<Webhook, 'instances'>, instance: string | undefined): boolean =>
  instance === undefined ? instances.length === 0 : instances.length === 1 && instances[0] === instance;

/** The webhook that a dialect has set, or undefined. */
export async function readSubscription(
  parts: Pick<Parts, 'endpoints'>,
  tenant: string,
  { dialect, instance }: Subscription,
): Promise<Webhook | undefined> {
  return (await subscriptionsOf(parts, tenant, dialect)).find((webhook) => belongsTo(webhook, instance));
}

/**
 * Has events posted to a URL: changes the webhook that the dialect has set before, or creates it.
 * @throws BAD_WEBHOOK_URL
 */
export async function subscribe(
  parts: Needs,
  tenant: string,
  subscription: Subscription,
  { url, events, enabled = true }: { url: string; events?: Webhook['events']; enabled?: boolean },
): Promise<Webhook | undefined> {
  const { endpoints } = parts;
  const { dialect, instance } = subscription;
  const objection = parts.checkWebhookUrl(url);
  if (objection) throw apiError('BAD_WEBHOOK_URL', objection);
  const change = { url, events: (events ?? ['*']) as ('*' | 'messages.upsert')[], enabled };
  const held = await readSubscription(parts, tenant, subscription);
  if (held) {
    const isSame = held.url === url && held.enabled === enabled && held.events.join() === change.events.join();
    return isSame ? held : endpoints.update(tenant, held.id, change);
  }
  const { id } = await endpoints.create(tenant, {
    url,
    events: change.events,
    instances: instance === undefined ? [] : [instance],
    format: dialect,
    description: markOf(dialect),
  });
  if (!enabled) await endpoints.update(tenant, id, { enabled });
  // Whoever was at it at the same time has created another one: the first stays, by the order that everybody sees.
  const [first, ...others] = (await subscriptionsOf(parts, tenant, dialect)).filter((each) =>
    belongsTo(each, instance),
  );
  for (const other of others) await endpoints.remove(tenant, other.id);
  return first;
}

/** Ends what a dialect has set. */
export async function unsubscribe(parts: Needs, tenant: string, { dialect, instance }: Subscription): Promise<void> {
  for (const webhook of await subscriptionsOf(parts, tenant, dialect))
    if (belongsTo(webhook, instance)) await parts.endpoints.remove(tenant, webhook.id);
}
