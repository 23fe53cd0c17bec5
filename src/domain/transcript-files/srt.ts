import { cuesOf, type Cue } from './cues';
import { oneLine, unescaped } from './markup';
import { speakerPrefix } from './speaker-prefix';
import { MalformedTranscript, type FileSegment, type ParsedTranscript } from './types';

// No tag goes past the next one's beginning: a page of tags without an end would be looked through for each of them.
const TAG = /<\/?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}/gi;

const plain = (markup: string): string =>
  oneLine(markup.replace(TAG, '').replace(/&(?:lt|gt|amp);/g, (entity) => unescaped(entity)));

/** The number of the next cue stands in the payload when the empty line between them is missing. */
const withoutNextNumber = (payload: string, next: Cue | undefined): string =>
  next ? payload.replace(/\n\d+\s*$/, '') : payload;

function segmentOf(cue: Cue, next: Cue | undefined): FileSegment {
  const payload = oneLine(withoutNextNumber(cue.payload, next));
  const prefixed = speakerPrefix(payload);
  const { startMs, endMs } = cue;
  if (!prefixed) return { speaker: null, startMs, endMs, text: plain(payload) };
  return { speaker: prefixed.speaker && plain(prefixed.speaker), startMs, endMs, text: plain(prefixed.text) };
}

/** SubRip; "Anna: words" names the speaker. */
export function parseSrt(file: string): ParsedTranscript {
  const cues = cuesOf(file.split('\n'));
  if (cues.length === 0) throw new MalformedTranscript('There is no cue with times in the file.');
  const segments = cues.map((cue, i) => segmentOf(cue, cues[i + 1]));
  return { title: null, recordedAt: null, segments };
}
