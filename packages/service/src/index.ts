export { Closer } from './closer.ts';
export { type Collector, exposeCollector } from './collector.ts';
export { loadConfig } from './config.ts';
export { ConfigError, isConfigError } from './config-error.ts';
export { createFaultPoints, type FaultPoints, faultPointsSetting } from './fault-points.ts';
export { createLogger, type Logger } from './logger.ts';
export { Counter, createMetrics, Gauge, Histogram, type Registry } from './metrics.ts';
export {
  askReady,
  type OperationsServer,
  type OperationsServerOptions,
  operationsServer,
  type Readiness,
} from './operations-server.ts';
export { countConfirmations } from './replica-metrics.ts';
export { type Frame, type RunOptions, run } from './run.ts';
export { encryptionKeys, host, logLevel, port, redisUrl, replicasToWaitFor, waitReplicas } from './settings.ts';
export { createWatchdog, type LoopRun, type Watchdog, type WatchedLoop } from './watchdog.ts';
