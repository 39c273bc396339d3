import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { expect, describe as group } from 'vitest';
import { createConverter } from '../src/convert/converter.ts';
import { convertTest, describe, generate } from './samples.ts';

const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`];

group('a voice note', () => {
  convertTest.for([
    ['mp3', ['-c:a', 'libmp3lame']],
    ['m4a', ['-c:a', 'aac']],
    ['wav', ['-ac', '2']],
    ['flac', []],
    ['webm', ['-c:a', 'libopus']],
    ['ogg', ['-c:a', 'libvorbis']],
    ['aac', []],
  ] as [string, string[]][])('is made of %s', async ([ending, args], { converter, path }) => {
    const input = path(`tone.${ending}`);
    await generate(...tone(3), ...args, input);
    const note = await converter.voiceNote(input, path('note.ogg'));
    expect(note).toMatchObject({ mimeType: 'audio/ogg; codecs=opus', seconds: 3 });
    expect(note.waveform).toHaveLength(64);
    const { format, streams } = await describe(path('note.ogg'));
    expect(format.format_name).toBe('ogg');
    expect(streams).toEqual([expect.objectContaining({ codec_name: 'opus', channels: 1, sample_rate: '48000' })]);
    expect(Math.abs(Number(format.duration) - 3)).toBeLessThan(0.2);
  });

  convertTest('shows where it is loud', async ({ converter, path }) => {
    // A second of silence, a second of sound, a second of sound at half its level.
    await generate(
      ...tone(3),
      '-af',
      "volume='if(lt(t,1),0,if(lt(t,2),1,0.5))':eval=frame",
      '-ar',
      '48000',
      path('steps.wav'),
    );
    const { waveform } = await converter.voiceNote(path('steps.wav'), path('note.ogg'));
    const [silent, loud, half] = [waveform.slice(1, 20), waveform.slice(23, 41), waveform.slice(44, 62)];
    expect(Math.max(...silent)).toBe(0);
    expect(Math.min(...loud)).toBeGreaterThan(95);
    for (const bar of half) expect(Math.abs(bar - 50)).toBeLessThan(5);
  });

  convertTest('of silence has no bars, and of a moment has one second', async ({ converter, path }) => {
    await generate('-f', 'lavfi', '-i', 'anullsrc=duration=0.2', path('silence.wav'));
    const note = await converter.voiceNote(path('silence.wav'), path('note.ogg'));
    expect(note.seconds).toBe(1);
    expect([...note.waveform]).toEqual(Array.from({ length: 64 }, () => 0));
  });

  convertTest('is made of the sound of a film, without its picture', async ({ converter, path }) => {
    await generate('-f', 'lavfi', '-i', 'testsrc=duration=2', ...tone(2), '-shortest', path('film.mp4'));
    expect((await converter.voiceNote(path('film.mp4'), path('note.ogg'))).seconds).toBe(2);
    expect((await describe(path('note.ogg'))).streams).toHaveLength(1);
  });

  convertTest('is not made of what has no sound', async ({ converter, path }) => {
    await generate('-f', 'lavfi', '-i', 'testsrc=duration=1', path('mute.mp4'));
    await writeFile(path('text'), 'This is not sound.'.repeat(1_000));
    for (const name of ['mute.mp4', 'text', 'missing'])
      await expect(converter.voiceNote(path(name), path('note.ogg'))).rejects.toMatchObject({
        code: 'MEDIA_UNSUPPORTED',
      });
  });
});

group('sound that stays as it is', () => {
  convertTest('is measured', async ({ converter, path }) => {
    await generate(...tone(4), path('tone.mp3'));
    expect(await converter.audio(path('tone.mp3'))).toEqual({ seconds: 4 });
  });

  convertTest('is measured to its end if it does not say its length', async ({ converter, path }) => {
    // A live recording, as browsers make it.
    await generate(...tone(3), '-c:a', 'libopus', '-live', '1', path('live.webm'));
    expect((await describe(path('live.webm'))).format.duration).toBeUndefined();
    expect(await converter.audio(path('live.webm'))).toEqual({ seconds: 3 });
  });

  convertTest('is refused if it is none', async ({ converter, path }) => {
    await generate('-f', 'lavfi', '-i', 'testsrc=duration=1', path('mute.mp4'));
    await expect(converter.audio(path('mute.mp4'))).rejects.toMatchObject({ detail: 'has no sound' });
  });
});

group('ffmpeg', () => {
  convertTest('reads no file that another one names', async ({ converter, path }) => {
    await generate(...tone(1), path('secret.wav'));
    await writeFile(path('list.m3u8'), `#EXTM3U\n#EXTINF:1,\n${path('secret.wav')}\n#EXT-X-ENDLIST\n`);
    await writeFile(path('list.ffconcat'), `ffconcat version 1.0\nfile 'secret.wav'\n`);
    for (const name of ['list.m3u8', 'list.ffconcat'])
      await expect(converter.voiceNote(path(name), path('note.ogg'))).rejects.toMatchObject({
        code: 'MEDIA_UNSUPPORTED',
      });
  });

  convertTest('takes what looks like an option or a URL as the name of a file', async ({ converter, path }) => {
    for (const name of ['http:', '-y', 'concat:x'])
      await expect(converter.audio(name)).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
    await generate(...tone(1), path('a b;$(touch x).wav'));
    expect(await converter.audio(path('a b;$(touch x).wav'))).toEqual({ seconds: 1 });
  });

  convertTest('is killed when its work is not wanted any more', async ({ converter, path }) => {
    await generate(...tone(1_800), '-c:a', 'pcm_s16le', path('long.wav'));
    const abort = new AbortController();
    const began = performance.now();
    const note = converter.voiceNote(path('long.wav'), path('note.ogg'), abort.signal);
    setTimeout(() => abort.abort(new Error('not wanted')), 200);
    await expect(note).rejects.toThrow('not wanted');
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect(converter.audio(path('long.wav'), AbortSignal.abort(new Error('never')))).rejects.toThrow('never');
  });

  convertTest('is killed when its time is up, and may not write without end', async ({ path }) => {
    await generate(...tone(300), '-c:a', 'pcm_s16le', path('long.wav'));
    const options = { ffmpegPath: 'ffmpeg', concurrency: 1, timeoutMs: 100, maxBytes: 1_000_000 };
    const slow = createConverter(options);
    await expect(slow.voiceNote(path('long.wav'), path('note.ogg'))).rejects.toMatchObject({
      detail: 'takes longer than 0.1 s to convert',
    });
    const small = createConverter({ ...options, timeoutMs: 30_000, maxBytes: 20_000 });
    await expect(small.voiceNote(path('long.wav'), path('note.ogg'))).rejects.toMatchObject({
      detail: 'becomes larger than 20000 bytes',
    });
  });

  convertTest('is missed in one sentence', async ({ path }) => {
    const converter = createConverter({
      ffmpegPath: '/nowhere/ffmpeg',
      concurrency: 1,
      timeoutMs: 1_000,
      maxBytes: 1_000,
    });
    await expect(converter.voiceNote(path('x'), path('y'))).rejects.toMatchObject({
      code: 'MEDIA_CONVERTER_UNAVAILABLE',
      detail: 'ffmpeg cannot be started: install ffmpeg or set FFMPEG_PATH to it',
    });
  });

  convertTest('leaves nothing behind, even where it fails', async ({ converter }) => {
    const folders: string[] = [];
    const works = [0, 1, 2].map((index) =>
      converter.inWorkFolder(async (folder) => {
        folders.push(folder);
        await generate(...tone(1), `${folder}/tone.wav`);
        await converter.voiceNote(`${folder}/tone.wav`, `${folder}/note.ogg`);
        if (index === 1) throw new Error('this one fails');
        return index;
      }),
    );
    expect((await Promise.allSettled(works)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(new Set(folders).size).toBe(3);
    for (const folder of folders) expect(existsSync(folder)).toBe(false);
  });

  convertTest('removes what a process that was killed has left, after a day', async ({ converter, workFolder }) => {
    const [old, recent] = [`${workFolder}/flotilla-work-old`, `${workFolder}/flotilla-work-recent`];
    for (const folder of [old, recent]) await mkdir(folder);
    await writeFile(`${old}/film`, 'left');
    const before = Date.now() / 1_000 - 90_000;
    await utimes(old, before, before);
    await converter.inWorkFolder(async () => {});
    expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
    await rm(recent, { recursive: true });
  });
});
