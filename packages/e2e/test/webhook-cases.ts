import type { AppEnv } from '@flotilla/fleet';
import type { WebhookScene } from './webhook-scene.ts';

/** A test of another project's suite, and ours that is equal to it. */
export interface WebhookCase {
  /** As the other suite calls it. */
  name: string;
  /** What holds here. */
  ours: string;
  /** How webhook workers are set up for it, if not as usual. */
  env?: AppEnv;
  run: (scene: WebhookScene) => Promise<void>;
}

/** Many short steps: events wait for an endpoint that is down instead of being given up. */
export const longSchedule: AppEnv = { WEBHOOK_RETRY_SCHEDULE: Array(40).fill('300ms').join(',') };
