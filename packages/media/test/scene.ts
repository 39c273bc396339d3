import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAddressPolicy } from '@flotilla/safe-fetch';
import { redisTest } from '@flotilla/testkit';
import { createDirectoryStore } from '../src/directory-store.ts';
import { createDownloader } from '../src/download.ts';
import { createMedia, type MediaLimits } from '../src/media.ts';
import { createUsage } from '../src/usage.ts';

export const limits: MediaLimits = {
  fileBytes: 1_000,
  tenantBytes: 2_500,
  retentionMs: 1_000_000,
  fetchTimeoutMs: 5_000,
};

/** A test with storage for files in a folder of its own. */
export const mediaTest = redisTest
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-media-'));
    onCleanup(() => rm(folder, { recursive: true }));
    return folder;
  })
  .extend('store', async ({ folder }) => createDirectoryStore(folder))
  .extend('usage', async ({ redis }) => createUsage(redis))
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('downloader', async ({}, { onCleanup }) => {
    const downloader = createDownloader(createAddressPolicy(['127.0.0.0/8']));
    onCleanup(downloader.close);
    return downloader;
  })
  .extend(
    'open',
    async ({ store, redis, downloader }) =>
      (changed: Partial<MediaLimits> = {}) =>
        createMedia({ store, redis, downloader, limits: { ...limits, ...changed } }),
  )
  .extend('media', async ({ open }) => open());
