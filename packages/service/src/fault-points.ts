import Type, { type TOptional, type TString } from 'typebox';

/** Says whether a guard is to be left out, or dies on the spot where it is told to. */
export interface FaultPoints<Point extends string> {
  /** True if this guard is switched off. */
  off(point: Extract<Point, `guard-off-${string}`>): boolean;
  /** True if the process is to die here when it comes here. */
  waits(point: Extract<Point, `crash-${string}`>): boolean;
  /** Kills the process, as the kernel would, if the test asked for it here. */
  reach(point: Extract<Point, `crash-${string}`>): void;
}

/**
 * Places where a test can make a process die or leave a guard out, to see that nothing is lost or that the guard matters.
 * They do nothing unless the process was started with `NODE_ENV=test` and names them in `FAULT_POINTS`.
 * @param listed value of `FAULT_POINTS`
 * @param environment value of `NODE_ENV`; anything but `test` switches all of them off
 */
export function createFaultPoints<Point extends string>(listed?: string, environment?: string): FaultPoints<Point> {
  const active = new Set(environment === 'test' ? (listed ?? '').split(',') : []);
  return {
    off: (point) => active.has(point),
    waits: (point) => active.has(point),
    reach(point) {
      if (active.has(point)) process.kill(process.pid, 'SIGKILL');
    },
  };
}

/** The variable `FAULT_POINTS` of an app that has these points. */
export function faultPointsSetting(names: readonly [string, ...string[]]): TOptional<TString> {
  const one = `(${names.join('|')})`;
  return Type.Optional(
    Type.String({
      pattern: `^${one}(,${one})*$`,
      description:
        'for tests of the fleet only: where this process kills itself or leaves a guard out, comma separated',
      examples: [names[0]],
    }),
  );
}
