import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What a process of its own logs: the logger writes to its standard output. */
async function logged(code: string): Promise<Record<string, unknown>> {
  const logger = JSON.stringify(new URL('./logger.ts', import.meta.url).href);
  const program = `import { createLogger } from ${logger}; const log = createLogger({ name: 'test' }); ${code}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  });
  return JSON.parse(stdout);
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

test('lines that are written right before the end are all there, in their order', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { createLogger } from ${JSON.stringify(new URL('./logger.ts', import.meta.url).href)};
       const [one, two] = ['one', 'two'].map((name) => createLogger({ name }));
       for (let n = 0; n < 500; n += 1) (n % 2 ? one : two).info({ n }, 'x');
       process.exit(1);`,
    ],
    { timeout: 20_000 },
  ).catch((error: { stdout: string }) => error);
  const numbers = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n);
  expect(numbers).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test('a warning is there at once, and what came before it', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { createLogger } from ${JSON.stringify(new URL('./logger.ts', import.meta.url).href)};
       const log = createLogger({ name: 'test' });
       log.info('first');
       log.warn('second');
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { timeout: 20_000 },
  ).catch((error: { stdout: string }) => error);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['first', 'second']);
});
