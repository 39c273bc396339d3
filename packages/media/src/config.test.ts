import { connectRedis } from '@flotilla/redis';
import { loadConfig } from '@flotilla/service';
import Type from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { conversionSettings, endpointOf, mediaSettings, openConverter, openMedia } from './config.ts';

const schema = Type.Object({ ...mediaSettings, ...conversionSettings });
const read = (env: Record<string, string> = {}) => loadConfig(schema, env);
const secrets = { MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 's' };

describe('settings', () => {
  it.each([
    [{ MINIO_ENDPOINT: 'https://minio.example.com' }, 'https://minio.example.com'],
    [{ MINIO_ENDPOINT: 'http://minio:9000/' }, 'http://minio:9000'],
    [{ MINIO_ENDPOINT: 'minio' }, 'https://minio'],
    [{ MINIO_ENDPOINT: 'minio:9000', MINIO_USE_SSL: 'false' }, 'http://minio:9000'],
    [{ MINIO_ENDPOINT: 'minio', MINIO_PORT: '9000', MINIO_USE_SSL: 'false' }, 'http://minio:9000'],
    [{ MINIO_ENDPOINT: 'http://10.0.0.1:9000', MINIO_PORT: '1' }, 'http://10.0.0.1:9000'],
    [{ MINIO_ENDPOINT: 'http://[::1]:9000' }, 'http://[::1]:9000'],
  ])('%o mean %s', (env, endpoint) => expect(endpointOf(read(env))).toBe(endpoint));

  it.each([
    [{ MINIO_ENDPOINT: 'https://minio/bucket' }, /^MINIO_ENDPOINT is invalid/],
    [{ MINIO_BUCKET: 'Upper_Case' }, /^MINIO_BUCKET is invalid/],
    [{ MINIO_PUBLIC_URL: 'files.example.com' }, /^MINIO_PUBLIC_URL is invalid/],
    [{ MEDIA_MAX_FILE_BYTES: '-1' }, /^MEDIA_MAX_FILE_BYTES is invalid/],
    [{ MEDIA_CONVERSIONS: '0' }, /^MEDIA_CONVERSIONS is invalid/],
  ])('%o are refused', (env, sentence) => expect(() => read(env)).toThrow(sentence));

  it('go together, and nothing is opened before it is used', () => {
    // Nobody is there; nobody is asked.
    const redis = connectRedis('redis://127.0.0.1:1', { name: 'config', manner: 'prompt' });
    onTestFinished(() => redis.disconnect());
    const open = (env: Record<string, string>) => openMedia(read(env), redis);
    const media = open({});
    expect(media.limits).toEqual({
      fileBytes: 104_857_600,
      tenantBytes: 10_737_418_240,
      retentionMs: 30 * 86_400_000,
      fetchTimeoutMs: 120_000,
    });
    open({ MINIO_ENDPOINT: 'minio', ...secrets }).close();
    expect(() => open({ MINIO_ENDPOINT: 'minio' })).toThrow(/^MINIO_ACCESS_KEY is missing/);
    expect(() => open({ MINIO_ENDPOINT: 'minio', MINIO_ACCESS_KEY: 'a' })).toThrow(/^MINIO_SECRET_KEY is missing/);
    expect(() => open({ MEDIA_ALLOW_CIDRS: '10.0.0.0' })).toThrow(/^MEDIA_ALLOW_CIDRS is invalid: 10\.0\.0\.0/);
    openConverter(read({ FFMPEG_PATH: '/nowhere/ffmpeg' }));
  });
});
