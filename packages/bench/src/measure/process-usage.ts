import { readFile } from 'node:fs/promises';

/** What a process has used up to now. */
export interface ProcessUsage {
  /** Processor time, its own and the kernel's for it (ms, in steps of 10). */
  cpuMs: number;
  /** Resident memory (bytes). */
  rssBytes: number;
}

/** Linux counts processor time in hundredths of a second (`getconf CLK_TCK`), on every architecture that Node runs on. */
const tickMs = 10;

/**
 * Asks Linux what a process has used; see `man 5 proc`.
 * @throws if there is no such process
 */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // The name of the program may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { cpuMs: (user + system) * tickMs, rssBytes: rssKb * 1_024 };
}
