import type { Stretch } from './stretch';

/** Samples a second, and one frame of them: short enough to place a cut, long enough to hold a sound. */
const SAMPLES_PER_MS = 16;
const FRAME_MS = 50;
const FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS;
const QUIETEST_DB = -100;

/** So much quieter than the speech of this recording is a pause. */
const PAUSE_BELOW_SPEECH_DB = 20;
/** A shorter pause may stand inside a word. */
const SHORTEST_PAUSE_MS = 300;

/** No speech is quieter than this: at 16 bits it would be one part in two thousand. */
const NOTHING_DB = -65;
/** Louder than this is something, whatever else the recording holds. */
const SOMETHING_DB = -50;
/** Between the two: so much below the loudest sound of the recording is nothing. */
const NOTHING_BELOW_LOUDEST_DB = 35;

/** How loud a recording is from moment to moment (RMS, dB below full scale). Give it the sound in order, then ask. */
export class Levels {
  private readonly frames: number[] = [];
  private loudest = QUIETEST_DB;
  private odd: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  private squares = 0;
  private samples = 0;

  /** `pcm` is 16 kHz mono, 16 bit little-endian; a sample may be torn between two calls. */
  add(pcm: Buffer): void {
    const bytes = this.odd.length > 0 ? Buffer.concat([this.odd, pcm]) : pcm;
    const whole = bytes.length - (bytes.length % 2);
    for (let at = 0; at < whole; at += 2) this.hear(bytes.readInt16LE(at));
    this.odd = Buffer.from(bytes.subarray(whole));
  }

  /** Pauses long enough to cut in, in order of time. */
  pauses(): Stretch[] {
    const limit = Math.max(NOTHING_DB, this.speechDb() - PAUSE_BELOW_SPEECH_DB);
    const found: Stretch[] = [];
    let from = 0;
    for (let i = 0; i <= this.frames.length; i++) {
      if ((this.frames[i] ?? 0) <= limit) continue;
      found.push({ startMs: from * FRAME_MS, endMs: i * FRAME_MS });
      from = i + 1;
    }
    return found.filter(({ startMs, endMs }) => endMs - startMs >= SHORTEST_PAUSE_MS);
  }

  /** True when nothing can be heard from `startMs` to `endMs`. */
  isSilent(startMs: number, endMs: number): boolean {
    const limit = Math.max(NOTHING_DB, Math.min(SOMETHING_DB, this.loudest - NOTHING_BELOW_LOUDEST_DB));
    const [from, to] = [Math.floor(Math.max(0, startMs) / FRAME_MS), Math.ceil(endMs / FRAME_MS)];
    return this.frames.slice(from, to).every((level) => level <= limit);
  }

  private hear(sample: number): void {
    this.squares += sample * sample;
    if (++this.samples < FRAME_SAMPLES) return;
    const level = decibels(this.squares, this.samples);
    this.frames.push(level);
    this.loudest = Math.max(this.loudest, level);
    this.squares = this.samples = 0;
  }

  /** As loud as the louder tenth of what can be heard. */
  private speechDb(): number {
    const heard = this.frames.filter((level) => level > NOTHING_DB).sort((a, b) => b - a);
    return heard[Math.floor(heard.length / 10)] ?? NOTHING_DB;
  }
}

function decibels(squares: number, samples: number): number {
  const rms = Math.sqrt(squares / samples) / 32_768;
  return Math.max(QUIETEST_DB, Math.round(20 * Math.log10(rms)));
}
