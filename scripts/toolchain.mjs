import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output, runQuietly, Sentence } from './processes.mjs';

/** The folder of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tools that this machine lacks are kept here, apart from the system and ignored by git. */
export const toolFolder = join(root, '.toolchain');

const nodeVersion = '24.21.0';
const pnpmVersion = '10.34.9';

/**
 * Makes Node 24, pnpm and the installed packages available, whatever Node runs this script.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which `node` and `pnpm` are the right ones
 */
export async function prepareToolchain() {
  const env = {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    // Some tools colour whatever they write to.
    ...(process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: '1' }),
  };
  const folders = [];
  if (isNewEnough(process.version)) folders.push(dirname(process.execPath));
  else folders.push(await installNode(env));
  withFolders(env, folders);
  // Asked inside the project: a newer pnpm turns into the version that the project pins.
  if (output('pnpm', ['--version'], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] }) !== pnpmVersion) {
    withFolders(env, [await installPnpm(env)]);
  }
  await runQuietly('pnpm', ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'], {
    cwd: root,
    env,
    sentence: 'The packages could not be installed: see the lines above, then run this again.',
  });
  return env;
}

function isNewEnough(version) {
  return Number(version.replace(/^v/, '').split('.')[0]) >= 24;
}

function withFolders(env, folders) {
  env.PATH = [...folders, env.PATH].filter(Boolean).join(delimiter);
}

/** Node as an npm package: the one for this machine if there is one (no install script), else the one that picks. */
async function installNode(env) {
  const folder = join(toolFolder, 'node');
  const bin = join(folder, 'node_modules', '.bin');
  const works = () => output(join(bin, 'node'), ['--version'], { env }) === `v${nodeVersion}`;
  if (works()) return bin;
  process.stdout.write(`Getting Node ${nodeVersion} (this one is ${process.version}) …\n`);
  const candidates = [
    `node-${process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
    'node',
  ];
  for (const name of candidates) {
    const isLast = name === candidates.at(-1);
    try {
      await npmInstall(folder, `${name}@${nodeVersion}`, env, { isSilent: !isLast });
    } catch (error) {
      if (isLast) throw error;
      continue;
    }
    if (works()) return bin;
  }
  throw new Sentence(
    `Node ${nodeVersion} was installed but does not run here: install Node 24 yourself, then try again.`,
  );
}

async function installPnpm(env) {
  const folder = join(toolFolder, 'pnpm');
  const bin = join(folder, 'node_modules', '.bin');
  const works = () => output(join(bin, 'pnpm'), ['--version'], { cwd: root, env }) === pnpmVersion;
  if (works()) return bin;
  process.stdout.write(`Getting pnpm ${pnpmVersion} …\n`);
  await npmInstall(folder, `pnpm@${pnpmVersion}`, env);
  if (works()) return bin;
  throw new Sentence(`pnpm ${pnpmVersion} was installed but does not run here: install it yourself, then try again.`);
}

async function npmInstall(folder, spec, env, { isSilent = false } = {}) {
  mkdirSync(folder, { recursive: true });
  // A package of its own, so that npm does not look for one further up.
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', spec];
  const sentence = `npm could not install ${spec}: check the network and npm's settings, then run this again.`;
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? { command: process.execPath, first: [process.env.npm_execpath] }
    : { command: 'npm', first: [] };
  await runQuietly(npm.command, [...npm.first, ...args], { cwd: folder, env, sentence, isSilent });
}
