import { output, runQuietly, Sentence } from './processes.mjs';

const cure =
  'install ffmpeg (Debian, Ubuntu: apt-get install --no-install-recommends ffmpeg; macOS: brew install ffmpeg), then run this again.';

/**
 * Makes sure that there is ffmpeg: where `FFMPEG_PATH` says, or on the PATH, else Debian's package, which needs root.
 * Unlike Redis it is not unpacked beside the project: it consists of some two hundred packages.
 */
export async function prepareFfmpeg(env) {
  if (works(env.FFMPEG_PATH || 'ffmpeg', env)) return;
  if (env.FFMPEG_PATH) throw new Sentence(`FFMPEG_PATH names ${env.FFMPEG_PATH}, which does not run: ${cure}`);
  if (process.getuid?.() !== 0 || output('apt-get', ['--version'], { env }) === undefined)
    throw new Sentence(`There is no ffmpeg here: ${cure}`);
  process.stdout.write('Getting ffmpeg (by apt-get) …\n');
  const sentence = `ffmpeg could not be installed with apt-get: ${cure}`;
  const debian = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['-q', 'update'], { env: debian, sentence });
  await runQuietly('apt-get', ['-q', '-y', '--no-install-recommends', 'install', 'ffmpeg'], { env: debian, sentence });
  if (!works('ffmpeg', env)) throw new Sentence(`Debian's ffmpeg does not run here: ${cure}`);
}

/** Whether both programs of ffmpeg run; the second is expected beside the first. */
function works(path, env) {
  const probe = path.replace(/ffmpeg(?=[^/]*$)/, 'ffprobe');
  return [path, probe].every((program) => output(program, ['-version'], { env }) !== undefined);
}
