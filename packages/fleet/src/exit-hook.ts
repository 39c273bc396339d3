const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const cleanups = new Set<() => void>();
let isInstalled = false;

/**
 * Runs a synchronous function when this process exits, or is ended by a signal that nothing else in it handles.
 * @returns a function that takes it back
 */
export function atExit(cleanup: () => void): () => void {
  install();
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

function runAll(): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  process.on('exit', runAll);
  for (const signal of endingSignals) {
    const onSignal = () => {
      // Whoever else listens decides what the signal means; the exit that follows is seen above.
      if (process.listenerCount(signal) > 1) return;
      runAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}
