import { spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { MediaError } from '../errors.ts';

export interface FfmpegOptions {
  /** Program name on the PATH, or a path; `ffprobe` is looked for beside it. */
  path: string;
  /** Longest run of one process (ms). */
  timeoutMs: number;
}

export interface RunOptions {
  /** Kills the process when it fires. */
  signal?: AbortSignal;
  /** Gets what the process writes to stdout, instead of the result. */
  onOutput?: (chunk: Buffer) => void;
}

export type Ffmpeg = ReturnType<typeof createFfmpeg>;

/** Most of stdout that is kept (bytes). */
const mostOutputBytes = 8 * 1024 * 1024;
/** What is kept of stderr for the cause of an error. */
const mostErrorBytes = 2_000;
/** A picture of 100 megapixels is 400 MB when it is decoded. */
export const mostPixels = 100_000_000;

/**
 * What may be read. Not among them are formats that name other files or URLs (HLS, DASH, concat, image sequences): a
 * file that a stranger sends must not be able to have others read.
 */
const formats = [
  ...['aac', 'ac3', 'aiff', 'amr', 'amrnb', 'amrwb', 'ape', 'asf', 'au', 'avi', 'caf', 'eac3', 'flac', 'flv', 'gif'],
  ...['h264', 'hevc', 'm4v', 'matroska', 'mov', 'mp3', 'mpeg', 'mpegts', 'mpegvideo', 'ogg', 'qcp', 'tta', 'w64'],
  ...['wav', 'webm', 'wv', 'bmp_pipe', 'gif_pipe', 'jpeg_pipe', 'png_pipe', 'tiff_pipe', 'webp_pipe', 'qoi_pipe'],
  ...['jpegxl_pipe', 'pam_pipe', 'pbm_pipe', 'pgm_pipe', 'ppm_pipe', 'ico'],
];

/** Arguments that make a local file the input of ffmpeg or ffprobe. */
export const inputFile = (path: string) => [
  ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats.join(',')],
  ...['-max_pixels', String(mostPixels), '-i', `file:${path}`],
];

/** Runs ffmpeg and ffprobe as child processes: without a shell, on local files only, killed when their time is up. */
export function createFfmpeg({ path, timeoutMs }: FfmpegOptions) {
  const probePath = path.includes('/') ? join(dirname(path), basename(path).replace('ffmpeg', 'ffprobe')) : 'ffprobe';

  function run(program: string, args: readonly string[], { signal, onOutput }: RunOptions): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timeout = AbortSignal.timeout(timeoutMs);
      const child = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        // Nothing of this process' environment, keys least of all, is its business.
        env: { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
      });
      const kill = () => child.kill('SIGKILL');
      for (const reason of [timeout, signal]) reason?.addEventListener('abort', kill, { once: true });
      if (signal?.aborted) kill();

      const output: Buffer[] = [];
      let outputBytes = 0;
      let isTooMuch = false;
      child.stdout.on('data', (chunk: Buffer) => {
        if (onOutput) return onOutput(chunk);
        outputBytes += chunk.length;
        isTooMuch = outputBytes > mostOutputBytes;
        if (isTooMuch) kill();
        else output.push(chunk);
      });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-mostErrorBytes);
      });

      const settle = (code: number | null, failure?: Error) => {
        for (const reason of [timeout, signal]) reason?.removeEventListener('abort', kill);
        if (signal?.aborted) reject(signal.reason);
        else if (timeout.aborted) reject(unsupported(`takes longer than ${timeoutMs / 1_000} s to convert`));
        else if (failure) reject(unavailable(program, failure));
        else if (isTooMuch || code !== 0) reject(unsupported('cannot be converted', complaint.trim()));
        else resolve(Buffer.concat(output));
      };
      child.once('error', (error) => settle(null, error));
      child.once('close', (code) => settle(code));
    });
  }

  return {
    /** Runs ffmpeg. @returns what it wrote to stdout. @throws MediaError */
    convert: (args: readonly string[], options: RunOptions = {}) =>
      run(path, ['-hide_banner', '-nostdin', '-v', 'error', '-y', '-threads', '2', ...args], options),
    /** Runs ffprobe. @returns what it wrote to stdout. @throws MediaError */
    probe: (args: readonly string[], options: RunOptions = {}) =>
      run(probePath, ['-hide_banner', '-v', 'error', '-of', 'json', ...args], options),
  };
}

/** A file that cannot be converted; what ffmpeg said is the cause, for those who look into it. */
export const unsupported = (detail: string, complaint?: unknown) =>
  new MediaError('MEDIA_UNSUPPORTED', detail, complaint ? { cause: complaint } : {});

function unavailable(program: string, cause: Error): MediaError {
  const sentence = `${basename(program)} cannot be started: install ffmpeg or set FFMPEG_PATH to it`;
  return new MediaError('MEDIA_CONVERTER_UNAVAILABLE', sentence, { cause });
}
