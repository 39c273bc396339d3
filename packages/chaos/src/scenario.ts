import type { FleetOptions, RedisKind } from '@flotilla/fleet';
import type { FigureName } from './figures.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

/** What the person at the keyboard has asked for. */
export interface Scope {
  /** `short`: half a minute or so, for rotations. `long`: as long as the promise speaks of, for soaks. */
  form: 'short' | 'long';
  instances: number;
  workers: number;
  redis: RedisKind;
}

/** One fault, with everything that the seed has decided about it. */
export interface Step {
  /** Seconds of undisturbed traffic before it, from the end of the step before. */
  after: number;
  /** For the plan that is printed and stored: `kill worker 0.31`. */
  what: string;
  /** Makes it happen and waits until the fleet has recovered, if that is measured. */
  perform(stage: Stage): Promise<void>;
}

/** Something that goes wrong, and what a fleet promises meanwhile. */
export interface Scenario {
  name: string;
  /** One line. */
  summary: string;
  /** Topologies on which it makes sense. Default: all. */
  redis?: readonly RedisKind[];
  /** Figures that may be no larger than this; {@link promises} hold beside them and are overridden by them. */
  bounds: Partial<Record<FigureName, number>>;
  /**
   * What the fleet has to be started with. Scenarios that need different things do not share a fleet.
   */
  needs?: Pick<FleetOptions, 'env'>;
  /** Seconds that what waits may take to arrive after the last step. Default 60. */
  settleSeconds?: number;
  /** What is to happen. Depends on nothing but its parameters. */
  plan(random: Random, scope: Scope): Step[];
}
