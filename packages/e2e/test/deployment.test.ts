import { type SpawnSyncOptionsWithStringEncoding, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer, freePort } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { apps } from './app-schemas.ts';
import { readText, root } from './repository.ts';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: (string | { target: number; published: number })[];
  secrets?: string[];
  stop_grace_period?: string;
  init?: boolean;
  healthcheck?: { test?: string[]; disable?: boolean };
  deploy?: { update_config?: { order?: string }; restart_policy?: { condition?: string }; replicas?: number };
  [option: string]: unknown;
}

interface Composition {
  name?: string;
  services: Record<string, Service>;
  secrets?: Record<string, unknown>;
}

const files = ['docker-stack.yml', 'infra/compose.yml', 'infra/compose.simulator.yml'] as const;
const read = (file: string): Composition => parse(readText(file), { merge: true });
const services = files.flatMap((file) =>
  Object.entries(read(file).services).map(([name, service]) => ({ file, name, service })),
);
const appServices = services.filter(({ name }) => apps.has(name));

const dockerfile = readText('infra/Dockerfile');
const imagePort = Number(/\bPORT=(\d+)/.exec(dockerfile)?.[1]);

/** Variables of Node itself, which no app asks for. */
const nodeVariables = ['NODE_OPTIONS', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS'];

/** What must be set outside the files. */
const environment = {
  FLOTILLA_IMAGE: 'registry.example.com/flotilla:1',
  OPERATOR_KEY: 'operator-key-of-a-test',
  ENCRYPTION_KEYS: 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  WHATSAPP_ROOT_KEY: '00',
};

const dockerStackConfig = (args: string[], options: Partial<SpawnSyncOptionsWithStringEncoding> = {}) =>
  spawnSync('docker', ['stack', 'config', ...args], {
    encoding: 'utf8',
    cwd: root,
    timeout: 20_000,
    env: { ...process.env, ...environment },
    ...options,
  });
/** Resolving a file needs the client only, no engine. Where there is no client, the YAML parser has to do. */
const hasDocker = dockerStackConfig(['--help']).status === 0;

/** What Compose does with a second file, as far as ours go. */
const onTopOf = (below: Composition, above: Composition): Composition => {
  const services = { ...below.services };
  for (const [name, service] of Object.entries(above.services)) {
    const base = services[name];
    services[name] = { ...base, ...service, environment: { ...base?.environment, ...service.environment } };
  }
  return { ...below, services };
};

describe.each(appServices)('$name in $file', ({ file, name, service }) => {
  const known = apps.get(name);

  test('sets only variables that the app knows', () => {
    const unknown = Object.keys(service.environment ?? {}).filter(
      (variable) => !nodeVariables.includes(variable) && !known?.has(variable.replace(/_FILE$/, '')),
    );
    expect(unknown).toEqual([]);
  });

  test('sets every variable that the app cannot do without', () => {
    // The override only adds to the file below it.
    const below = file === 'infra/compose.simulator.yml' ? read('infra/compose.yml').services[name]?.environment : {};
    const set = Object.keys({ ...below, ...service.environment }).map((variable) => variable.replace(/_FILE$/, ''));
    const missing = [...(known ?? [])].flatMap(([variable, { isRequired }]) =>
      isRequired && !set.includes(variable) ? [variable] : [],
    );
    expect(missing).toEqual([]);
  });

  test('repeats no default that has become another one', () => {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      const fallback = /^\$\{\w+:-(.+)\}$/.exec(String(value))?.[1];
      if (fallback !== undefined) expect(fallback).toBe(String(known?.get(variable)?.default));
    }
  });

  test('publishes the port that the app listens on', () => {
    expect(service.environment ?? {}).not.toHaveProperty('PORT');
    for (const port of service.ports ?? []) {
      const target = typeof port === 'string' ? Number(port.split(':').at(-1)) : port.target;
      expect(target).toBe(imagePort);
    }
  });

  test('mounts the secrets that its variables read', () => {
    const mounted = (service.secrets ?? []).map((secret) => `/run/secrets/${secret}`);
    const wanted = Object.entries(service.environment ?? {}).flatMap(([variable, path]) =>
      variable.endsWith('_FILE') ? [path] : [],
    );
    expect(wanted.sort()).toEqual(mounted.sort());
  });
});

describe.each(services.filter(({ service }) => service.image))(
  'the container of $name in $file',
  ({ name, service, file }) => {
    test('ends before Swarm loses patience', () => {
      // Swarm waits at most a minute for the old task where it stops first.
      const seconds = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(60);
      // `run` of packages/service ends by itself after 50 s.
      if (apps.has(name) && name !== 'simulator') expect(seconds).toBeGreaterThan(50);
    });

    test('has a health check', () => {
      expect(service.healthcheck?.disable).toBeUndefined();
      if (!apps.has(name)) expect(service.healthcheck?.test).toBeDefined();
    });

    test('starts a file that exists, under an init that forwards signals', () => {
      if (!apps.has(name)) return;
      expect(service.command).toEqual(['node', `apps/${name}/src/main.ts`]);
      expect(readText(`apps/${name}/src/main.ts`)).toContain('await run(');
      expect(service.init).toBe(true);
    });

    test('says in which order an update replaces it', () => {
      if (file !== 'docker-stack.yml') return;
      expect(service.deploy?.update_config?.order).toBe(name === 'redis' ? 'stop-first' : 'start-first');
      expect(service.deploy?.restart_policy?.condition).toBe('any');
    });
  },
);

describe('docker-stack.yml', () => {
  test('has nothing that Swarm ignores', () => {
    const ignored = ['build', 'container_name', 'depends_on', 'privileged', 'restart', 'security_opt'];
    for (const service of Object.values(read('docker-stack.yml').services))
      expect(Object.keys(service).filter((option) => ignored.includes(option))).toEqual([]);
  });

  test('runs more than one connection worker', () => {
    expect(read('docker-stack.yml').services['connection-worker']?.deploy?.replicas).toBeGreaterThan(1);
  });
});

describe('what Docker makes of the files', () => {
  const resolve = (file: string, ...more: string[]) => {
    // `name` belongs to Compose; the rest is common to both.
    const { name: _, ...composition } = read(file);
    if (!hasDocker) return more.map(read).reduce(onTopOf, composition);
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-compose-'));
    try {
      const paths = [file, ...more].map((path, index) => {
        const text = readText(path)
          .replace(/^name:.*$/m, '')
          .replaceAll('file: ./', 'file: infra/');
        const copy = join(folder, `${index}.yml`);
        writeFileSync(copy, text);
        return copy;
      });
      const { status, stdout, stderr } = dockerStackConfig(paths.flatMap((path) => ['--compose-file', path]));
      expect(stderr.replace(/^time=.*ignoring IP-address.*$/gm, '').trim()).toBe('');
      expect(status).toBe(0);
      return parse(stdout) as Composition;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('a stack of three apps and Redis', () => {
    const { services: resolved } = resolve('docker-stack.yml');
    expect(Object.keys(resolved).sort()).toEqual(['connection-worker', 'gateway', 'redis', 'webhook-worker']);
    expect(resolved['connection-worker']?.environment?.ADVERTISED_HOST).toBe('{{.Task.Name}}');
    expect(resolved.gateway?.stop_grace_period).toBe('55s');
  });

  test('the same apps on one host', () => {
    const { services: resolved } = resolve('infra/compose.yml');
    expect(Object.keys(resolved).sort()).toEqual(['connection-worker', 'gateway', 'redis', 'webhook-worker']);
  });

  test('the same apps with the simulator in the place of WhatsApp', () => {
    const { services: resolved } = resolve('infra/compose.yml', 'infra/compose.simulator.yml');
    expect(Object.keys(resolved)).toContain('simulator');
    expect(resolved['connection-worker']?.environment).toMatchObject({
      REDIS_URL: 'redis://redis:6379',
      WHATSAPP_URL: `ws://simulator:${imagePort}/ws/chat`,
    });
  });
});

describe('infra/Dockerfile', () => {
  const { packageManager } = JSON.parse(readText('package.json')) as { packageManager: string };

  test('installs what the lockfile says with the pnpm that the project pins', () => {
    expect(dockerfile).toContain(`npm install --global ${packageManager}\n`);
    expect(dockerfile).toContain('pnpm install --prod --frozen-lockfile');
    for (const app of apps.keys()) expect(dockerfile).toContain(`--filter-prod "@flotilla/${app}..."`);
  });

  test('runs Node 24, as nobody in particular, and ends by SIGTERM', () => {
    expect(dockerfile.match(/^FROM .*/gm)).toEqual([
      'FROM node:24-bookworm-slim AS install',
      'FROM node:24-bookworm-slim',
    ]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${imagePort}$`, 'm'));
  });

  test('copies sources and manifests, but no tests', () => {
    const ignored = readText('.dockerignore')
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(ignored).toContain('**/node_modules');
    expect(ignored).toContain('**/*.test.ts');
    expect(ignored.some((line) => /package\.json|pnpm-|\*\*\/src/.test(line))).toBe(false);
  });

  test('tells a healthy process from a dead one', async () => {
    const command = /^HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(dockerfile)?.[1];
    const [program = '', ...args] = JSON.parse(command ?? '[]') as string[];
    expect(program).toBe('node');
    const asked: string[] = [];
    let status = 200;
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const check = () =>
      new Promise((done) => {
        const child = spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: 'ignore' });
        child.once('exit', done);
      });
    expect(await check()).toBe(0);
    status = 500;
    expect(await check()).toBe(1);
    await new Promise((done) => server.close(done));
    expect(await check()).toBe(1);
    expect(asked).toEqual(['/healthz', '/healthz']);
  });
});

describe('infra/redis.conf', () => {
  test('keeps every write, and evicts nothing', async () => {
    const program = findRedisServer();
    if (!program) throw new Error('No redis-server on the PATH');
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-redis-conf-'));
    const port = await freePort();
    const file = join(folder, 'redis.conf');
    // The folder of the data exists in the container only.
    writeFileSync(file, readText('infra/redis.conf').replace(/^dir .*$/m, `dir ${folder}`));
    const server = spawn(program, [file, '--port', String(port), '--bind', '127.0.0.1'], { stdio: 'ignore' });
    const ended = new Promise((done) => server.once('exit', done));
    try {
      const settings = await eventually(() => configOf(port), { message: 'Redis takes the configuration' });
      expect(settings).toMatchObject({
        appendonly: 'yes',
        appendfsync: 'always',
        save: '',
        'maxmemory-policy': 'noeviction',
        timeout: '0',
      });
      // What is left of the container's memory is for rewriting the file.
      expect(Number(settings.maxmemory)).toBeLessThan(2 * 1024 ** 3);
      expect(read('docker-stack.yml').services.redis?.deploy).toMatchObject({
        resources: { limits: { memory: '3G' } },
      });
    } finally {
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    }
  });
});

/** Asks a Redis for its settings. */
function configOf(port: number): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('CONFIG GET *\r\nQUIT\r\n'));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.once('error', reject);
    socket.once('end', () => {
      // RESP: a line with the length, then the line itself; settings have no line breaks.
      const texts = answer.split('\r\n').filter((_, index) => index % 2 === 0 && index > 0);
      resolve(
        Object.fromEntries(texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? '']] : []))),
      );
    });
  });
}
