/** Samples of a second in what `createWaveform` takes. */
export const waveformRate = 8_000;
/** So many bars does WhatsApp draw. */
const bars = 64;
/** Samples that are averaged as they come: a hundredth of a second. */
const binSamples = 80;

/** Draws the bars of a voice note from sound as it is decoded; a minute of sound takes 50 kB. */
export function createWaveform() {
  const bins: number[] = [];
  let sum = 0;
  let inBin = 0;
  let samples = 0;
  let odd: Buffer | undefined;

  return {
    /** Takes signed 16-bit samples (little-endian, mono, 8 kHz), cut anywhere. */
    add(chunk: Buffer): void {
      const bytes = odd ? Buffer.concat([odd, chunk]) : chunk;
      const whole = bytes.length - (bytes.length % 2);
      odd = whole < bytes.length ? bytes.subarray(whole) : undefined;
      for (let at = 0; at < whole; at += 2) {
        sum += Math.abs(bytes.readInt16LE(at));
        inBin += 1;
        if (inBin === binSamples) {
          bins.push(sum / binSamples);
          sum = 0;
          inBin = 0;
        }
      }
      samples += whole / 2;
    },

    /** How long the sound was (s), and 64 bars from 0 to 100: the loudest is 100, silence is all 0. */
    result(): { seconds: number; waveform: Uint8Array } {
      const all = inBin > 0 ? [...bins, sum / inBin] : bins;
      const heights = Array.from({ length: bars }, (_, bar) => {
        const from = Math.floor((bar * all.length) / bars);
        const part = all.slice(from, Math.max(from + 1, Math.floor(((bar + 1) * all.length) / bars)));
        return part.reduce((total, value) => total + value, 0) / (part.length || 1);
      });
      const loudest = Math.max(...heights);
      const waveform = Uint8Array.from(heights, (height) => (loudest > 0 ? Math.round((100 * height) / loudest) : 0));
      return { seconds: samples / waveformRate, waveform };
    },
  };
}
