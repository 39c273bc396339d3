import { type Ffmpeg, inputFile, unsupported } from './ffmpeg.ts';

/** What ffprobe says of a file. */
export interface Probe {
  /** Undefined if the file does not say: recordings of browsers seldom do. */
  seconds?: number;
  hasAudio: boolean;
  /** As it is shown, turned as the file says. */
  video?: { width: number; height: number };
}

interface ProbeStream {
  codec_type?: string;
  width?: number;
  height?: number;
  duration?: string;
  disposition?: { attached_pic?: number };
  side_data_list?: { rotation?: number }[];
}

const entries =
  'format=duration:stream=codec_type,width,height,duration:stream_disposition=attached_pic:stream_side_data=rotation';

/**
 * Looks into an audio or video file.
 * @throws MediaError `MEDIA_UNSUPPORTED` if it is neither
 */
export async function probe(ffmpeg: Ffmpeg, path: string, signal?: AbortSignal): Promise<Probe> {
  const json = await ffmpeg.probe([...inputFile(path), '-show_entries', entries], { signal });
  const found: { streams?: ProbeStream[]; format?: { duration?: string } } = JSON.parse(json.toString('utf8'));
  const streams = found.streams ?? [];
  // The cover of a song counts as a video stream too.
  const video = streams.find(
    ({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1,
  );
  const seconds = [found.format?.duration, ...streams.map(({ duration }) => duration)].map(Number).find((s) => s > 0);
  return {
    ...(seconds !== undefined && { seconds }),
    hasAudio: streams.some(({ codec_type }) => codec_type === 'audio'),
    ...(video && { video: sizeOf(video) }),
  };
}

function sizeOf({ width = 0, height = 0, side_data_list = [] }: ProbeStream) {
  const rotation = side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  return Math.abs(rotation) % 180 === 90 ? { width: height, height: width } : { width, height };
}

/** How long a file lasts that does not say so (s): it is read to its end, without decoding. */
export async function measureSeconds(ffmpeg: Ffmpeg, path: string, signal?: AbortSignal): Promise<number> {
  const report = await ffmpeg.convert(
    [...inputFile(path), '-map', '0', '-c', 'copy', '-f', 'null', '-progress', 'pipe:1', '-'],
    { signal },
  );
  const times = [...report.toString('utf8').matchAll(/^out_time_us=(\d+)$/gm)];
  const microseconds = Number(times.at(-1)?.[1] ?? 0);
  if (microseconds === 0) throw unsupported('has no length');
  return microseconds / 1_000_000;
}

/** Whole seconds as phones show them: a sound that is there at all lasts one. */
export const wholeSeconds = (seconds: number) => Math.max(1, Math.round(seconds));
