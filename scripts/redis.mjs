import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { output, runQuietly, Sentence } from './processes.mjs';
import { toolFolder } from './toolchain.mjs';

const cure =
  'install redis-server (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), then run this again.';

/**
 * Finds a Redis server program: `redis-server` or `valkey-server` on the PATH, else Debian's package, unpacked into the
 * project's tool folder. Nothing is installed on the system and no daemon is started; no rights are needed.
 *
 * @returns {Promise<string>} its path; `env.PATH` leads there too
 */
export async function prepareRedis(env) {
  const onPath = findOnPath(['redis-server', 'valkey-server'], env);
  if (onPath) return onPath;
  const folder = join(toolFolder, 'redis');
  const program = join(folder, 'bin', 'redis-server');
  if (!works(program, env)) {
    if (!findOnPath(['apt-get'], env) || !findOnPath(['dpkg'], env))
      throw new Sentence(`There is no Redis here: ${cure}`);
    process.stdout.write('Getting Redis (unpacked into .toolchain, not installed) …\n');
    await unpackDebian(folder, program, env);
  }
  env.PATH = [join(folder, 'bin'), env.PATH].join(delimiter);
  return program;
}

/** Downloads the package and what it needs beyond what is installed, with apt's own settings but private state. */
async function unpackDebian(folder, program, env) {
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['lists/partial', 'cache/archives/partial', 'root', 'bin']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const settings = {
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::archives': join(folder, 'cache', 'archives'),
    // Only private files are written, so the system's locks, which need rights, are not.
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const sentence = `Redis could not be downloaded with apt-get: ${cure}`;
  await runQuietly('apt-get', [...options, '-q', 'update'], { env, sentence });
  const download = ['-q', '-y', '--no-install-recommends', '--download-only', 'install', 'redis-server'];
  await runQuietly('apt-get', [...options, ...download], { env, sentence });
  const archives = join(folder, 'cache', 'archives');
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    await runQuietly('dpkg', ['-x', join(archives, file), join(folder, 'root')], { env, sentence });
  }
  rmSync(join(folder, 'lists'), { recursive: true });
  rmSync(join(folder, 'cache'), { recursive: true });
  writeFileSync(program, launcher(folder));
  chmodSync(program, 0o755);
  if (!works(program, env))
    throw new Sentence(`Debian's redis-server does not run from where it was unpacked: ${cure}`);
}

/** Replaces itself by Redis, so the process id is Redis' own. */
function launcher(folder) {
  const libraries = ['usr/lib', 'lib'].flatMap((base) => {
    const path = join(folder, 'root', base);
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
        .map((entry) => join(path, entry.name));
    } catch {
      return [];
    }
  });
  const program = join(folder, 'root', 'usr', 'bin', 'redis-server');
  return `#!/bin/sh\nLD_LIBRARY_PATH='${libraries.join(':')}' exec '${program}' "$@"\n`;
}

function works(program, env) {
  return output(program, ['--version'], { env }) !== undefined;
}

/**
 * Starts a private Redis for tests: loopback, free port, nothing on disk, and enough numbered databases to give each
 * of many tests at a time one of its own.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startTestRedis(program, env) {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-test-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  // In a group of its own: Ctrl-C must not take it away from tests that are just ending.
  const server = spawn(program, [...args, '--databases', '512'], { env, stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', resolve);
  });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  const deadline = performance.now() + 10_000;
  while (!(await answersPing(port))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      kill();
      throw new Sentence(`${program} did not start: ${cure}`);
    }
    await sleep(20);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answersPing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => done(false));
    socket.once('error', () => done(false));
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function findOnPath(names, env) {
  for (const name of names) {
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        if (folder) accessSync(path, constants.X_OK);
        if (folder) return path;
      } catch {
        // Not in this one.
      }
    }
  }
  return undefined;
}
