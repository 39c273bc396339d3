import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNoProcesses } from '@flotilla/testkit';
import { test } from 'vitest';
import { createDirectoryStore } from '../src/directory-store.ts';
import type { ObjectStore } from '../src/object-store.ts';
import { createS3Store } from '../src/s3-store.ts';
import { startS3Server } from './s3-server.ts';

export const storeKinds = ['directory', 'S3 bucket'] as const;

let buckets = 0;

/** A test with an empty store; the S3 server is started once for all tests of a file. */
export const storeTest = (kind: (typeof storeKinds)[number]) =>
  test
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
    .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
      if (kind === 'directory') return undefined;
      const server = await startS3Server();
      onCleanup(async () => {
        await server.stop();
        assertNoProcesses();
      });
      return server;
    })
    .extend('store', async ({ server }, { onCleanup }): Promise<ObjectStore> => {
      if (server) {
        buckets += 1;
        const store = createS3Store(server.options(`bucket-${buckets}`));
        onCleanup(() => store.close());
        return store;
      }
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-media-'));
      onCleanup(() => rm(folder, { recursive: true }));
      return createDirectoryStore(join(folder, 'media'));
    });
