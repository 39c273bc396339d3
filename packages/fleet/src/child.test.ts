import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { Child, runningChildren } from './child.ts';
import { eventually } from './eventually.ts';

const node = (script: string) =>
  Child.start({ name: 'a script', command: process.execPath, args: ['-e', script], env: { PATH: process.env.PATH } });
const stays = 'setInterval(() => {}, 1e6); console.log("up");';
const up = (child: Child) => eventually(() => child.logs().includes('up'));

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('Child', { timeout: 20_000 }, () => {
  it('keeps the last lines and tells how it ended', async () => {
    const child = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(await child.exited).toEqual({ code: 3, signal: null });
    expect(child.logs().sort()).toEqual(['err', 'out']);
    expect(child.exit).toEqual({ code: 3, signal: null });
  });

  it('hands on only the environment that is given', async () => {
    const child = await node('console.log(Object.keys(process.env).sort().join())');
    await child.exited;
    expect(child.logs()).toEqual(['PATH']);
  });

  it('rejects when there is no such program', async () => {
    const start = Child.start({ name: 'nothing', command: '/no/such/program', args: [], env: {} });
    await expect(start).rejects.toThrow('nothing could not be started');
  });

  it('stops a process that is paused', async () => {
    const child = await node(`process.on("SIGTERM", () => process.exit(0)); ${stays}`);
    await up(child);
    child.pause();
    expect(await child.stop()).toEqual({ code: 0, signal: null });
  });

  it('kills a process that does not stop, and says so with its last lines', async () => {
    const child = await node(`process.on("SIGTERM", () => console.log("not now")); ${stays}`);
    await up(child);
    await expect(child.stop({ timeoutMs: 300 })).rejects.toThrow(/within 0.3 s of SIGTERM.*\nup\nnot now$/s);
    expect(isAlive(child.pid)).toBe(false);
  });

  it('is listed while it runs', async () => {
    const child = await node(stays);
    expect(runningChildren()).toContainEqual({ name: 'a script', pid: child.pid });
    await child.kill();
    expect(runningChildren()).not.toContainEqual({ name: 'a script', pid: child.pid });
  });

  it.each(['exit', 'SIGTERM', 'SIGINT'] as const)('does not outlive its parent (%s)', async (how) => {
    const module = new URL('child.ts', import.meta.url).href;
    const script = `
      import { Child } from '${module}';
      const { pid } = await Child.start({ name: 'c', command: process.execPath, args: ['-e', '${stays}'], env: {} });
      console.log(pid);
      ${how === 'exit' ? 'process.stdin.once("data", () => process.exit(0));' : 'setInterval(() => {}, 1e6);'}`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    const ended = once(parent, 'exit');
    if (how === 'exit') parent.stdin.write('now\n');
    else parent.kill(how);
    const [, signal] = await ended;
    expect(signal).toBe(how === 'exit' ? null : how);
    await eventually(() => !isAlive(pid), { message: 'The child is gone' });
  });
});
