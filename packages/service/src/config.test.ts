import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { ConfigError, isConfigError } from './config-error.ts';
import { logLevel, port, redisUrl } from './settings.ts';

const schema = Type.Object({
  REDIS_URL: redisUrl,
  PORT: port(3000),
  LOG_LEVEL: logLevel,
  STRICT: Type.Boolean({ default: true, description: 'true or false' }),
  WHATSAPP_ROOT_KEY: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{64}$', description: 'the 32 bytes of a key in hex' }),
  ),
});
const valid = { REDIS_URL: 'redis://127.0.0.1:6379' };

const folder = mkdtempSync(join(tmpdir(), 'flotilla-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function secretFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function sentence(env: Record<string, string>): string {
  try {
    loadConfig(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('The configuration was accepted');
}

describe('loadConfig', () => {
  it('fills in defaults and turns texts into numbers and booleans', () => {
    const config: Static<typeof schema> = loadConfig(schema, { ...valid, PORT: '8080', STRICT: 'false' });
    expect(config).toEqual({ ...valid, PORT: 8080, LOG_LEVEL: 'info', STRICT: false });
  });

  it('hands over nothing that the schema does not name', () => {
    expect(loadConfig(schema, { ...valid, HOME: '/root' })).not.toHaveProperty('HOME');
  });

  it('leaves the schema as it was', () => {
    const before = JSON.stringify(schema);
    loadConfig(schema, valid);
    expect(JSON.stringify(schema)).toBe(before);
  });

  it('names a missing variable and the cure', () => {
    expect(sentence({})).toBe(
      'REDIS_URL is missing: set it to a Redis URL (redis+cluster://host:port,host:port for a cluster, redis+sentinel://host:port,host:port/<master name> with Sentinels) such as redis://127.0.0.1:6379',
    );
  });

  it('takes an empty text for not set', () => {
    expect(sentence({ REDIS_URL: '' })).toContain('REDIS_URL is missing');
    expect(loadConfig(schema, { ...valid, PORT: '' }).PORT).toBe(3000);
  });

  it('says what is wrong with a value without repeating it', () => {
    expect(sentence({ REDIS_URL: 'http://user:hunter2@x' })).toBe(
      'REDIS_URL is invalid (it has the wrong form): set it to a Redis URL (redis+cluster://host:port,host:port for a cluster, redis+sentinel://host:port,host:port/<master name> with Sentinels) such as redis://127.0.0.1:6379',
    );
    for (const url of [
      'redis+cluster://a:1, b:2',
      'redis+cluster://a:1/0',
      'redis+sentinel://a:1,b:2',
      'redis+other://a',
    ]) {
      expect(sentence({ REDIS_URL: url })).toContain(
        'redis+sentinel://host:port,host:port/<master name> with Sentinels',
      );
    }
    for (const url of ['rediss+cluster://me:secret@a:1,b:2', 'redis+sentinel://:secret@a:1,[::1]:2,c/main']) {
      expect(loadConfig(schema, { REDIS_URL: url }).REDIS_URL).toBe(url);
    }
    expect(sentence({ ...valid, PORT: 'eighty' })).toContain('PORT is invalid (it must be integer)');
    expect(sentence({ ...valid, PORT: '70000' })).toContain('PORT is invalid (it must be <= 65535)');
    expect(sentence({ ...valid, LOG_LEVEL: 'loud' })).toContain(
      'LOG_LEVEL is invalid (it must be one of trace, debug, info, warn, error, fatal, silent)',
    );
    expect(sentence({ ...valid, WHATSAPP_ROOT_KEY: 'abc' })).toContain('set it to the 32 bytes of a key in hex');
  });

  it('reports the first problem in the order of the schema, in one line', () => {
    const message = sentence({ LOG_LEVEL: 'loud', PORT: 'x' });
    expect(message).toMatch(/^REDIS_URL is missing/);
    expect(message).not.toContain('\n');
  });

  it('reads a variable from the file that its _FILE names', () => {
    const path = secretFile('redis-url', 'redis://redis:6379\n');
    expect(loadConfig(schema, { REDIS_URL_FILE: path }).REDIS_URL).toBe('redis://redis:6379');
  });

  it('takes an empty secret file for not set', () => {
    expect(sentence({ REDIS_URL_FILE: secretFile('empty', '\n') })).toContain('REDIS_URL is missing');
  });

  it('refuses a variable that is set twice, and a file that cannot be read', () => {
    expect(sentence({ ...valid, REDIS_URL_FILE: secretFile('twice', 'redis://other:1') })).toBe(
      'REDIS_URL and REDIS_URL_FILE are both set: keep only one of them',
    );
    expect(sentence({ REDIS_URL_FILE: join(folder, 'nowhere') })).toContain('cannot be read (ENOENT)');
  });
});

describe('isConfigError', () => {
  it('knows errors of the same kind from other packages by their code', () => {
    expect(isConfigError(Object.assign(new Error('x'), { code: 'INVALID_CONFIG' }))).toBe(true);
    expect(isConfigError(new Error('x'))).toBe(false);
    expect(isConfigError(undefined)).toBe(false);
  });
});
