/**
 * To be loaded before an app (`node --import`): lets a test set the wall clock of one process while it runs, as an
 * operator or a time server may do to a whole machine. The monotonic clock and timers go on as they were.
 */
const RealDate = globalThis.Date;
let aheadMs = 0;

const now = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
});

process.on('SIGWINCH', () => {
  aheadMs = Number(process.env.CLOCK_STEP_MS ?? 0);
});
