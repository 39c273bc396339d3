import type { Log } from '../src/index.ts';

/** Failures are what these tests bring about: their log lines would only drown the report. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
