import { oneLine } from './markup';
import { recurringLabels, speakerPrefix } from './speaker-prefix';
import type { ParsedTranscript } from './types';

interface Said {
  speaker: string | null;
  lines: string[];
}

/** A line that names no speaker goes on with the previous one's words; before the first name each stands alone. */
function speechesOf(lines: readonly string[]): Said[] {
  const known = recurringLabels(lines);
  const speeches: Said[] = [];
  let anyoneNamed = false;
  for (const line of lines) {
    const named = speakerPrefix(line, known);
    anyoneNamed ||= named !== null;
    if (named) speeches.push({ speaker: named.speaker, lines: [named.text] });
    else if (anyoneNamed) speeches.at(-1)!.lines.push(line);
    else speeches.push({ speaker: null, lines: [line] });
  }
  return speeches;
}

/** `Speaker: words` lines; no times. */
export function parseTxt(file: string): ParsedTranscript {
  const lines = file
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '');
  const segments = speechesOf(lines).map(({ speaker, lines: spoken }) => ({
    speaker,
    startMs: null,
    endMs: null,
    text: oneLine(spoken.join(' ')),
  }));
  return { title: null, recordedAt: null, segments };
}
