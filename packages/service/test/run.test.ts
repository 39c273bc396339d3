import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const app = fileURLToPath(new URL('fixture-app.ts', import.meta.url));
const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

interface Line {
  level: string;
  app: string;
  msg: string;
  [field: string]: unknown;
}

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [app], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = () =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, lines: lines(), errors }));
  const says = async (msg: string) => {
    while (!lines().some((line) => line.msg === msg)) await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

const valid = { REDIS_URL: 'redis://127.0.0.1:6379' };
const messages = (lines: Line[]) => lines.map(({ msg }) => msg);

describe('run', { timeout: 20_000 }, () => {
  it('prints exactly one sentence about the configuration and exits with 1', async () => {
    const { code, lines, errors } = await start({}).ended;
    expect(errors).toBe(
      'REDIS_URL is missing: set it to a Redis URL (redis+cluster://host:port,host:port for a cluster, redis+sentinel://host:port,host:port/<master name> with Sentinels) such as redis://127.0.0.1:6379\n',
    );
    expect(code).toBe(1);
    expect(lines).toEqual([]);
  });

  it('prints a configuration error of the app in the same way', async () => {
    const { code, errors } = await start({ ...valid, BEHAVE: 'config-error' }).ended;
    expect(errors).toBe('REDIS_URL points to a replica: name the primary\n');
    expect(code).toBe(1);
  });

  it('says which port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, errors } = await start({ ...valid, PORT: String(port) }).ended;
    server.close();
    expect(errors).toMatch(new RegExp(`^PORT ${port} is already in use: .*\\n$`));
    expect(code).toBe(1);
  });

  it('closes in reverse order on SIGTERM and exits with 0', async () => {
    const { child, ended, says } = start(valid);
    await says('started');
    child.kill('SIGTERM');
    const { code, lines, errors } = await ended;
    expect(messages(lines)).toEqual(['ready', 'started', 'closed work', 'closed server', 'stopped']);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('logs one JSON object a line, with secrets redacted', async () => {
    const { child, ended, says } = start(valid);
    await says('started');
    child.kill('SIGINT');
    const [ready] = (await ended).lines;
    expect(ready).toMatchObject({
      level: 'info',
      app: 'fixture',
      secret: '[redacted]',
      request: { headers: { authorization: '[redacted]' } },
    });
  });

  it('logs an error that nobody caught, closes, and exits with 1', async () => {
    const { code, lines } = await start({ ...valid, BEHAVE: 'crash' }).ended;
    expect(lines.find(({ msg }) => msg === 'uncaught')).toMatchObject({
      level: 'fatal',
      err: { message: 'nobody caught me' },
    });
    expect(messages(lines).slice(-2)).toEqual(['closed server', 'stopped']);
    expect(code).toBe(1);
  });

  it('goes on closing when another error turns up meanwhile', async () => {
    const { code, lines } = await start({ ...valid, BEHAVE: 'crash-twice' }).ended;
    expect(messages(lines).filter((msg) => msg === 'uncaught')).toHaveLength(2);
    expect(messages(lines)).toContain('closed server');
    expect(code).toBe(1);
  });

  it('closes everything when a loop that it cannot do without stands still, and exits with 1', async () => {
    const { code, lines } = await start({ ...valid, BEHAVE: 'stall' }).ended;
    expect(lines.find(({ msg }) => msg === 'loop.stalled')).toMatchObject({ loop: 'renewal', vital: true });
    expect(messages(lines).slice(-2)).toEqual(['closed server', 'stopped']);
    expect(code).toBe(1);
  });

  it('logs a failed start and exits with 1', async () => {
    const { code, lines, errors } = await start({ ...valid, BEHAVE: 'start-fails' }).ended;
    expect(messages(lines)).toEqual(['start.failed']);
    expect(errors).toBe('');
    expect(code).toBe(1);
  });
});
