import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What a process of its own logs: the logger writes to its standard output. */
async function logged(code: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, programWith(code), { timeout: 20_000 });
  return JSON.parse(stdout);
}

/** The messages of a process that ends in its own way. */
async function messagesOf(code: string): Promise<string[]> {
  const child = spawn(process.execPath, programWith(code), { stdio: ['ignore', 'pipe', 'ignore'] });
  const text = (await child.stdout.setEncoding('utf8').toArray()).join('');
  return [...text.matchAll(/"msg":"(\w+)"/g)].map(([, msg = '']) => msg);
}

/** Arguments for Node. */
function programWith(code: string): string[] {
  const logger = JSON.stringify(new URL('./logger.ts', import.meta.url).href);
  const program = `import { createLogger } from ${logger}; const log = createLogger({ name: 'test' }); ${code}`;
  return ['--input-type=module', '-e', program];
}

test('of an error only what went wrong is logged, not what hangs on it or on its causes', async () => {
  const line = await logged(`
    const reply = Object.assign(new Error('OOM command not allowed'), { command: { args: ['see you at nine'] } });
    const error = new Error('The batch was not written', { cause: reply });
    log.warn({ err: Object.assign(error, { code: 'OOM', data: { content: 'at nine' } }), instance: 'ins_a' }, 'failed');
  `);
  expect(JSON.stringify(line)).not.toContain('at nine');
  expect(line).toMatchObject({
    level: 'warn',
    app: 'test',
    instance: 'ins_a',
    err: { type: 'Error', code: 'OOM', message: 'The batch was not written: OOM command not allowed' },
  });
  expect(JSON.stringify(line)).toContain('caused by');
});

test('what is thrown and is no error is not logged, whatever it holds', async () => {
  const line = await logged("log.warn({ err: 'see you at nine' }, 'failed');");
  expect(line).toMatchObject({ msg: 'failed', err: { type: 'string' } });
});

test('secrets are left out wherever a line carries them', async () => {
  const line = await logged("log.info({ token: 'abc', request: { headers: { authorization: 'abc' } } }, 'x');");
  expect(JSON.stringify(line)).not.toContain('abc');
});

test('lines are written in their order, and none is lost when the process ends', async () => {
  const many = Array.from({ length: 3_000 }, (_, n) => `line${n}`);
  const code = "for (let n = 0; n < 3_000; n++) log.info({ pad: 'x'.repeat(100) }, 'line' + n);";
  expect(await messagesOf(code)).toEqual(many);
  expect(await messagesOf(`${code} process.exit(1);`)).toEqual(many);
  expect(await messagesOf(`${code} process.on('exit', () => log.info('last')); process.exit(1);`)).toEqual([
    ...many,
    'last',
  ]);
  expect(await messagesOf(`${code} throw new Error('of nobody');`)).toEqual(many);
});

test('a warning, and what came before it, is written before anything else can happen', async () => {
  const killed = "process.kill(process.pid, 'SIGKILL');";
  expect(await messagesOf(`log.info('before'); log.fatal('fatal'); ${killed}`)).toEqual(['before', 'fatal']);
  expect(await messagesOf(`log.info('one'); setImmediate(() => { log.warn('two'); ${killed} });`)).toEqual([
    'one',
    'two',
  ]);
});
