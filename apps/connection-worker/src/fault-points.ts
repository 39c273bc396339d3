/**
 * Places where a test can make the worker die or leave a guard out, to see that the guard matters.
 * They do nothing unless the process was started with `NODE_ENV=test` and names them in `FAULT_POINTS`.
 */
export const faultPointNames = [
  'crash-before-send',
  'crash-between-write-and-ack',
  'crash-after-ack-before-commit',
  'crash-between-decrypt-and-receipt',
  'crash-before-import',
  'crash-after-import',
  /** Every send of a message gets a new id, instead of the one that was chosen before it was queued. */
  'guard-off-message-id',
  /** Events of incoming messages are stored after the Signal session, instead of together with it. */
  'guard-off-inbound-commit',
  /** The worker goes on past its local deadline. */
  'guard-off-deadline',
  /** Instances are claimed although another worker owns them. */
  'guard-off-claim',
] as const;

type FaultPoint = (typeof faultPointNames)[number];

/** Says whether a guard is to be left out, or dies on the spot where it is told to. */
export interface FaultPoints {
  /** True if this guard is switched off. */
  off(point: Extract<FaultPoint, `guard-off-${string}`>): boolean;
  /** Kills the process, as the kernel would, if the test asked for it here. */
  reach(point: Extract<FaultPoint, `crash-${string}`>): void;
}

/**
 * @param listed value of `FAULT_POINTS`
 * @param environment value of `NODE_ENV`; anything but `test` switches all of them off
 */
export function createFaultPoints(listed: string | undefined, environment: string | undefined): FaultPoints {
  const active = new Set(environment === 'test' ? (listed ?? '').split(',') : []);
  return {
    off: (point) => active.has(point),
    reach(point) {
      if (active.has(point)) process.kill(process.pid, 'SIGKILL');
    },
  };
}
