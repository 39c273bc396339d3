import type { Bench } from './bench.ts';
import { crypto } from './crypto/crypto.ts';
import { density } from './density/density.ts';
import { gateway } from './gateway/gateway.ts';
import { growth } from './growth/growth.ts';
import { history } from './history/history.ts';
import { idle } from './idle/idle.ts';
import { lifecycle } from './lifecycle/lifecycle.ts';
import { placement } from './placement/placement.ts';
import { receive } from './receive/receive.ts';
import { send } from './send/send.ts';
import { deliveries } from './webhooks/deliveries.ts';
import { fairness } from './webhooks/fairness.ts';

/** All benchmarks, in the order of the page. */
export const benches: readonly Bench[] = [
  density,
  lifecycle,
  gateway,
  send,
  receive,
  deliveries,
  fairness,
  history,
  idle,
  growth,
  crypto,
  placement,
];
