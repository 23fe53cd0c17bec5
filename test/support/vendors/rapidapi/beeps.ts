/** A language of beeps: each word has a pitch of its own, so that a stand-in can hear what it was really sent. */
const RATE = 16_000;
export const PITCHES = 32;
const LOWEST_HZ = 400;
const STEP_HZ = 60;
const BEEP_MS = 400;
const GAP_MS = 120;
const PAUSE_MS = 800;
const WORDS = 6;
export const SENTENCE_MS = WORDS * (BEEP_MS + GAP_MS) + PAUSE_MS;

const FRAME = RATE / 100;
const LOUD = 2000;

export interface HeardBeeps {
  startMs: number;
  endMs: number;
  text: string;
}

/** Sentence number `n`: its number, and four words that follow from it. */
export function sentence(n: number): number[] {
  const more = [7, 11, 13, 17].map((prime) => (n * prime + 5) % PITCHES);
  return [Math.floor(n / PITCHES), n % PITCHES, ...more];
}

export const wordsOf = (pitches: number[]): string => pitches.map((pitch) => `w${pitch}`).join(' ');

/** The number of a sentence that was heard whole. */
export function numberOf(text: string): number {
  const [high = 0, low = 0] = [...text.matchAll(/w(\d+)/g)].map(([, digits]) => Number(digits));
  return high * PITCHES + low;
}

/** 16 kHz mono PCM of sentences; `null` = as long a silence. */
export function speak(sentences: (number[] | null)[]): Buffer {
  const pcm = Buffer.alloc((sentences.length * SENTENCE_MS * RATE * 2) / 1000);
  sentences.forEach((words, n) =>
    (words ?? []).forEach((pitch, i) => beep(pcm, n * SENTENCE_MS + i * (BEEP_MS + GAP_MS), pitch)),
  );
  return pcm;
}

function beep(pcm: Buffer, startMs: number, pitch: number): void {
  const hz = LOWEST_HZ + pitch * STEP_HZ;
  const from = (startMs * RATE) / 1000;
  for (let i = 0; i < (BEEP_MS * RATE) / 1000; i++) {
    pcm.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hz * i) / RATE)), (from + i) * 2);
  }
}

/** The sentences in a sound, with their times; a beep that was cut in two is heard as two. */
export function hear(pcm: Buffer): HeardBeeps[] {
  const samples = Int16Array.from({ length: pcm.length >> 1 }, (_, i) => pcm.readInt16LE(i * 2));
  const sentences: HeardBeeps[] = [];
  for (const { startMs, endMs, pitch } of beepsIn(samples)) {
    const last = sentences.at(-1);
    if (last && startMs - last.endMs < PAUSE_MS / 2) {
      last.text += ` w${pitch}`;
      last.endMs = endMs;
    } else sentences.push({ startMs, endMs, text: `w${pitch}` });
  }
  return sentences;
}

function beepsIn(samples: Int16Array): { startMs: number; endMs: number; pitch: number }[] {
  const loud = Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, i) =>
    samples.subarray(i * FRAME, (i + 1) * FRAME).some((sample) => Math.abs(sample) > LOUD),
  );
  const starts = loud.flatMap((is, i) => (is && !loud[i - 1] ? [i] : []));
  return starts.map((from) => {
    const to = loud.indexOf(false, from);
    const end = to < 0 ? loud.length : to;
    return {
      startMs: from * 10,
      endMs: end * 10,
      pitch: pitchOf(samples.subarray(from * FRAME, end * FRAME)),
    };
  });
}

/** By counting how often the wave rises through zero. */
function pitchOf(samples: Int16Array): number {
  const core = samples.subarray(FRAME, -FRAME);
  const rises = core.filter((sample, i) => sample >= 0 && (core[i - 1] ?? 0) < 0).length;
  return Math.round(((rises * RATE) / core.length - LOWEST_HZ) / STEP_HZ);
}
