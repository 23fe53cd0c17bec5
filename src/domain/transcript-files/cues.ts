import { MalformedTranscript, MAX_MS } from './types';

const TIME = String.raw`(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?`;
const TIMING = new RegExp(String.raw`^\s*${TIME}\s*-->\s*${TIME}(?:\s.*)?$`);

export interface Cue {
  startMs: number;
  endMs: number;
  /** The lines of the payload, as they stand in the file. */
  payload: string;
}

function milliseconds(parts: (string | undefined)[]): number {
  const [hours = '0', minutes = '0', seconds = '0', fraction = '0'] = parts;
  return (
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'))
  );
}

function timing(line: string, lineNumber: number): { startMs: number; endMs: number } {
  const found = TIMING.exec(line);
  const startMs = found ? milliseconds(found.slice(1, 5)) : NaN;
  const endMs = found ? milliseconds(found.slice(5, 9)) : NaN;
  if (!(Math.max(startMs, endMs) <= MAX_MS)) {
    throw new MalformedTranscript('A cue’s times can’t be read.', `line ${lineNumber}`);
  }
  return { startMs, endMs: Math.max(startMs, endMs) };
}

/**
 * The cues of a WebVTT or SubRip file: a line with `-->`, then the payload up to an empty line. What stands before the
 * timing (an id, NOTE and STYLE blocks) is passed over. Throws MalformedTranscript for times that can't be read.
 */
export function cuesOf(lines: readonly string[]): Cue[] {
  const cues: Cue[] = [];
  let skipping = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '') skipping = false;
    else if (/^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(line) && (i === 0 || lines[i - 1]!.trim() === ''))
      skipping = true;
    if (skipping || !line.includes('-->')) continue;
    const from = i + 1;
    while (i + 1 < lines.length && lines[i + 1]!.trim() !== '' && !lines[i + 1]!.includes('-->')) i++;
    cues.push({ ...timing(line, from), payload: lines.slice(from, i + 1).join('\n') });
  }
  return cues;
}

/** `01:02:03.004`, or with another mark before the milliseconds. */
export function timestamp(ms: number, mark: '.' | ',' = '.'): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}${mark}${String(ms % 1000).padStart(3, '0')}`;
}
