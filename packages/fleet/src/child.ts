import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atExit } from './exit-hook.ts';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** For messages. */
  name: string;
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  /** Called with each line of stdout and stderr. */
  log?: (line: string) => void;
}

/** Lines that are kept of each process. */
const keptLines = 1_000;

/** Every child process of this one that runs. */
const running = new Set<Child>();

/** The names and ids of the processes that were started and still run: what a leak check asks. */
export function runningChildren(): { name: string; pid: number }[] {
  return [...running].map(({ name, pid }) => ({ name, pid }));
}

/**
 * A child process with its last lines of output. It is in a process group of its own, so that Ctrl-C reaches only the
 * parent, which then stops its children in order; whatever still runs when the parent exits, or is ended by a signal
 * that it does not handle, is killed.
 */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended and its output was read. */
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #exit: Exit | undefined;

  private constructor(process: ChildProcess, pid: number, { name, log }: ChildOptions) {
    this.name = name;
    this.pid = pid;
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > keptLines) this.#lines.shift();
        log?.(line);
      });
    }
    this.exited = new Promise((resolve) => {
      process.once('close', (code, signal) => {
        running.delete(this);
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  /** Starts a process. Rejects when there is no such program. */
  static async start(options: ChildOptions): Promise<Child> {
    watchExit();
    const { command, args, env } = options;
    const process = spawn(command, args, { env: definedOnly(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const { pid } = process;
    if (pid === undefined) {
      const error = await new Promise<Error>((resolve) => process.once('error', resolve));
      throw new Error(`${options.name} could not be started: ${error.message}`, { cause: error });
    }
    const child = new Child(process, pid, options);
    running.add(child);
    // A signal that could not be sent: its process has just ended.
    process.on('error', () => {});
    return child;
  }

  /** How it ended, or undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** The last lines of its output, oldest first. */
  logs(): string[] {
    return [...this.#lines];
  }

  /** Sends a signal; does nothing after the end. */
  signal(signal: NodeJS.Signals): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill(signal);
  }

  /** SIGTERM, and waits for the end. After `timeoutMs` it is killed, and this rejects with its last lines. */
  async stop({ timeoutMs = 30_000 }: { timeoutMs?: number } = {}): Promise<Exit> {
    this.signal('SIGTERM');
    // A process that was paused gets its SIGTERM only now.
    this.signal('SIGCONT');
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.signal('SIGKILL');
    }, timeoutMs);
    const exit = await this.exited;
    clearTimeout(timer);
    if (late) throw new Error(`${this.name} did not end within ${timeoutMs / 1000} s of SIGTERM${this.lastLines()}`);
    return exit;
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** SIGSTOP: it keeps its sockets and does nothing, like a machine that hangs. */
  pause(): void {
    this.signal('SIGSTOP');
  }

  /** SIGCONT: it goes on after {@link pause}. */
  resume(): void {
    this.signal('SIGCONT');
  }

  /** The end of its output as part of an error message. */
  lastLines(count = 20): string {
    const lines = this.#lines.slice(-count);
    return lines.length > 0 ? `. Its last lines:\n${lines.join('\n')}` : '. It wrote nothing.';
  }
}

function definedOnly(env: Record<string, string | undefined>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) given[name] = value;
  return given;
}

let isWatching = false;

function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  atExit(() => {
    for (const child of running) child.signal('SIGKILL');
  });
}
