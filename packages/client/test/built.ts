import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A folder elsewhere in which the client is installed as its users get it: JavaScript with declarations. */
export interface Installed {
  folder: string;
  /** Checks a TypeScript file of the folder. Rejects with what the compiler says. */
  check(file: string): Promise<void>;
  remove(): Promise<void>;
}

const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));

async function compile(args: string[], cwd: string): Promise<void> {
  await run(process.execPath, [compiler, ...args], { cwd }).catch((error: { stdout?: string }) => {
    throw new Error(error.stdout ?? String(error), { cause: error });
  });
}

/** Builds the client and installs it in a new folder, with what it depends on and nothing else. */
export async function installBuilt(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-client-'));
  const target = join(folder, 'node_modules/@flotilla/client');
  await mkdir(target, { recursive: true });
  await compile(['-p', join(root, 'tsconfig.build.json'), '--outDir', join(target, 'dist')], root);
  const { publishConfig, dependencies, name, version, type, engines } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  await writeFile(
    join(target, 'package.json'),
    JSON.stringify({ name, version, type, engines, dependencies, ...publishConfig }),
  );
  for (const dependency of Object.keys(dependencies)) await link(dependency, join(target, 'node_modules', dependency));
  await link('@types/node', join(folder, 'node_modules/@types/node'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return {
    folder,
    check: (file) =>
      compile(['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', file], folder),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** As pnpm does it, so that what a dependency needs itself is found. */
async function link(dependency: string, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await symlink(join(root, 'node_modules', dependency), path);
}
