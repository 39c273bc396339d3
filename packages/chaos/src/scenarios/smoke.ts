import type { Scenario } from '../scenario.ts';
import { killStep } from './kill.ts';

/** One of each kind is killed: within a minute it is known that the instrument works, and the fleet too. */
export const smoke: Scenario = {
  name: 'smoke',
  summary: 'One worker, one gateway and one webhook worker are killed; less than a minute',
  bounds: { 'takeover (s)': 8 },
  settleSeconds: 30,
  plan: (random) =>
    random.shuffled(['worker', 'gateway', 'webhook-worker'] as const).map((kind) => killStep(kind, random)),
};
