import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, freePort } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import type { S3StoreOptions } from '../src/s3-store.ts';

const require = createRequire(import.meta.url);
const program = require.resolve('s3rver/bin/s3rver.js');

/** An S3 server as a process of its own, with its data in a temporary folder. */
export async function startS3Server() {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-s3-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = ['--directory', folder, '--address', '127.0.0.1', '--port', String(port), '--silent'];
  const child = await Child.start({
    name: 's3rver',
    command: process.execPath,
    // It makes the tokens of its lists by DES, which OpenSSL counts as history.
    args: ['--openssl-legacy-provider', program, ...settings],
    env: { PATH: process.env.PATH },
  });
  await eventually(async () => (await fetch(endpoint)).status > 0, { message: 'the S3 server answers' });
  return {
    folder,
    /** With the credentials that it accepts. */
    options: (bucket: string): S3StoreOptions => ({
      endpoint,
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
      bucket,
      region: 'us-east-1',
      publicUrl: endpoint,
    }),
    async stop() {
      await child.kill();
      await rm(folder, { recursive: true });
    },
  };
}
