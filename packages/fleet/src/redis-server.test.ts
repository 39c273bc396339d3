import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** One command in Redis' inline form; gives the raw answer. */
const ask = ({ port }: RedisServer, command: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });

describe('startRedis', { timeout: 30_000 }, () => {
  it('starts private servers, each on a port of its own', async () => {
    const servers = await Promise.all([startRedis(), startRedis()]);
    const [a, b] = servers;
    expect(a?.port).not.toBe(b?.port);
    for (const server of servers) {
      expect(await ask(server, 'DBSIZE')).toBe(':0\r\n');
      expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
    }
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) await expect(ask(server, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('has every write after a kill and a restart on the same port, if it is to keep them', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'flotilla-redis-test-'));
    const server = await startRedis({ appendonly: true, dir });
    const firstPid = server.pid;
    await ask(server, 'SET a 1');
    await server.kill();
    await expect(ask(server, 'PING')).rejects.toThrow();
    await server.restart();
    expect(await ask(server, 'GET a')).toBe('$1\r\n1\r\n');
    expect(server.pid).not.toBe(firstPid);
    await server.stop();
    expect(existsSync(dir)).toBe(true);
    rmSync(dir, { recursive: true });
  });

  it('leaves neither process nor folder behind when its parent is ended', async () => {
    const module = new URL('redis-server.ts', import.meta.url).href;
    const script = `const { startRedis } = await import('${module}');
      const { pid } = await startRedis();
      console.log(pid);
      setInterval(() => {}, 1e6);`;
    const tmp = mkdtempSync(join(tmpdir(), 'flotilla-redis-test-'));
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: tmp },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(createInterface({ input: parent.stdout }), 'line');
    expect(readdirSync(tmp)).toHaveLength(1);
    parent.kill('SIGTERM');
    await once(parent, 'exit');
    const isGone = () => {
      try {
        return !process.kill(Number(pid), 0);
      } catch {
        return true;
      }
    };
    await eventually(isGone, { message: 'redis-server is gone' });
    expect(readdirSync(tmp)).toEqual([]);
    rmSync(tmp, { recursive: true });
  });

  it('says why it did not start', async () => {
    await expect(startRedis({ args: ['--no-such-setting', '1'] })).rejects.toThrow('redis-server ended at once');
  });
});
