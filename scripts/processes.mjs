import { spawn, spawnSync } from 'node:child_process';

/** Signals by which a person or a supervisor asks these scripts to end. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Longest time for an orderly end after a signal, in milliseconds. */
const graceMs = 60_000;

/** What went wrong, in a sentence for the person at the terminal: printed without a stack. */
export class Sentence extends Error {}

/** Runs a short command and gives its trimmed stdout, or undefined when it fails or does not exist. */
export function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Runs a command quietly; if it fails, shows what it wrote (unless `isSilent`) and throws `sentence`. */
export async function runQuietly(command, args, { sentence, isSilent = false, ...options }) {
  let written = '';
  const { code } = await runInGroup(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput: (text) => {
      written += text;
    },
  });
  if (code === 0) return;
  if (!isSilent) process.stderr.write(written);
  throw new Sentence(sentence);
}

/**
 * Runs a command in a process group of its own and waits for its end. Signals that this script gets are handed on
 * once, however often they arrive: at Ctrl-C the terminal and npm both send one. Whatever is left of the group when
 * the command has ended, or when its time is up, is killed, so that nothing stays behind.
 *
 * @returns {Promise<{ code: number, signal?: string }>} `signal` is the one that asked this script to end
 */
export function runInGroup(command, args, { onOutput, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options, detached: true });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => onOutput?.(text));

    let asked;
    let timer;
    const handOn = (signal) => {
      if (asked) return;
      asked = signal;
      signalGroup(child, signal);
      timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
    };
    const killGroup = () => signalGroup(child, 'SIGKILL');
    for (const signal of endingSignals) process.on(signal, handOn);
    process.once('exit', killGroup);
    const stopWatching = whenOrphaned(() => handOn('SIGTERM'));

    const settle = (then) => {
      clearTimeout(timer);
      stopWatching();
      for (const signal of endingSignals) process.off(signal, handOn);
      process.off('exit', killGroup);
      killGroup();
      then();
    };
    child.once('error', (error) => settle(() => reject(error)));
    // Not 'close': a leftover of the group could hold the output open.
    child.once('exit', (code, signal) => settle(() => resolve({ code: code ?? exitCodeOf(signal), signal: asked })));
  });
}

/**
 * npm starts scripts through a shell that dies of SIGTERM without handing it on: the only sign of that end is another
 * parent. Without npm the parent's end means nothing.
 */
function whenOrphaned(then) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) then();
  }, 500);
  return () => clearInterval(timer);
}

/** The exit code by which shells report an end by a signal. */
export function exitCodeOf(signal) {
  return 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0);
}

/** Runs a script's main function: its result is the exit code, a {@link Sentence} is printed as it is. */
export async function main(script) {
  try {
    process.exitCode = await script();
  } catch (error) {
    process.stderr.write(error instanceof Sentence ? `${error.message}\n` : `${error.stack}\n`);
    process.exitCode = 1;
  }
}

function signalGroup(child, signal) {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
