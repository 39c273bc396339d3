import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'flotilla-cli-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the command as a process. */
function flotilla(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH: process.env.PATH }, timeout: 30_000 },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const path = join(root, name);
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(path, file), text);
    await utimes(join(path, file), new Date(0), new Date(0));
  }
  return path;
}

describe('flotilla import', () => {
  it('says how it is used, and fails, when it is used wrongly', async () => {
    for (const args of [
      [],
      ['export'],
      ['import'],
      ['import', '/none', '--what'],
      ['import', '/none/at/all', '--key=k'],
    ]) {
      const { code, err } = await flotilla(...args);
      expect(code).toBe(2);
      expect(err).toContain('pnpm flotilla import <folder>');
    }
    expect((await flotilla('import', root)).err).toContain('FLOTILLA_API_KEY');
    expect((await flotilla('--help')).code).toBe(0);
  });

  it('refuses each folder that is none with one line that names the file', async () => {
    await folder('sessions/a', { 'creds.json': '{' });
    await folder('sessions/b', { 'creds.json': '{"noiseKey":1}', '.DS_Store': 'x' });
    await folder('sessions/no-folder-of-ours', { 'notes.txt': '' });
    const { code, out } = await flotilla('import', join(root, 'sessions'), '--key', 'k');
    const lines = out.trim().split('\n');
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^refused {3}\S+sessions\/a {2}creds\.json: is no JSON/);
    expect(lines[1]).toMatch(/^refused {3}\S+sessions\/b {2}creds\.json: noiseKey is missing/);
  });

  it('knows a browser profile, and a folder that is too deep', async () => {
    await mkdir(join(root, 'session-shop/Default'), { recursive: true });
    expect((await flotilla('import', join(root, 'session-shop'), '--key', 'k')).out).toContain('whatsapp-web.js');
    await folder('one/two/three', { 'creds.json': '{}' });
    expect((await flotilla('import', join(root, 'one'), '--key', 'k')).out).toContain('creds.json: is missing');
  });
});
