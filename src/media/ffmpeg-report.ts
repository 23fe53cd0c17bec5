/** What ffmpeg says on standard error about a file, as values. */
export interface MediaReport {
  container: string | null;
  codec: string | null;
  sampleRate: number | null;
  channels: number | null;
  /** As the file's header claims; null when it claims nothing. */
  claimedMs: number | null;
  /** The file could be opened and its streams listed. */
  opened: boolean;
}

const LAYOUTS: Record<string, number> = { mono: 1, stereo: 2, quad: 4, '5.1': 6, '5.1(side)': 6, '7.1': 8 };

/** Reads the first input and its first audio stream. */
export function readReport(stderr: string): MediaReport {
  const input = stderr.split(/^Output #/m)[0] ?? '';
  const audio = /^ *Stream #0:\d+.*: Audio: (.*)$/m.exec(input)?.[1] ?? null;
  const container = /^Input #0, (.+?), from /m.exec(input)?.[1] ?? null;
  return {
    container,
    codec: audio && (/^(\w+)/.exec(audio)?.[1] ?? null),
    sampleRate: numberIn(audio, /(\d+) Hz/),
    channels: audio === null ? null : channelsIn(audio),
    claimedMs: claimedMs(input),
    opened: container !== null,
  };
}

function numberIn(text: string | null, pattern: RegExp): number | null {
  const found = text && pattern.exec(text)?.[1];
  return found ? Number(found) : null;
}

function channelsIn(audio: string): number | null {
  const layout = /Hz, ([^,]+)/.exec(audio)?.[1]?.trim() ?? '';
  return LAYOUTS[layout] ?? numberIn(layout, /(\d+) channels/);
}

function claimedMs(input: string): number | null {
  const found = /^ *Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(input);
  if (!found) return null;
  const [, hours, minutes, seconds] = found.map(Number) as [number, number, number, number];
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}
