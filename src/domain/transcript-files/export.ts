import { timestamp } from './cues';
import { escaped, oneLine } from './markup';
import { NOBODY, speakerPrefix } from './speaker-prefix';
import type { FileSegment } from './types';

export type ExportKind = 'vtt' | 'srt' | 'txt' | 'md';

interface Timed {
  startMs: number;
  endMs: number;
}

/** Cues must have times: a transcript without any gets a second per segment, which keeps the order. */
const INVENTED_MS = 1000;

const timed = ({ startMs, endMs }: FileSegment, i: number): Timed => {
  const start = startMs ?? i * INVENTED_MS;
  return { startMs: start, endMs: endMs ?? start + INVENTED_MS };
};

const range = ({ startMs, endMs }: Timed, mark: '.' | ','): string =>
  `${timestamp(startMs, mark)} --> ${timestamp(endMs, mark)}`;

function vttCue(segment: FileSegment, i: number): string {
  const words = escaped(oneLine(segment.text));
  const spoken = segment.speaker
    ? `<v ${escaped(oneLine(segment.speaker))}>${words}</v>`
    : words.replace(/:/g, '&#58;');
  return `${i + 1}\n${range(timed(segment, i), '.')}\n${spoken}\n`;
}

function vtt(segments: readonly FileSegment[], title: string | null): string {
  const header = title && oneLine(title) ? `WEBVTT - ${escaped(oneLine(title))}` : 'WEBVTT';
  const untimed = segments.some(({ startMs }) => startMs === null);
  const note = untimed ? ['NOTE The transcript has no times; these only keep its order.\n'] : [];
  return [`${header}\n`, ...note, ...segments.map(vttCue)].join('\n');
}

/** SubRip has no escapes of its own; only what would be read as markup or as a timing is written as a reference. */
const srtWords = (words: string): string =>
  words
    .replace(/&(?=(?:lt|gt|amp);)/g, '&amp;')
    .replace(/<(?=\/?[a-z])/gi, '&lt;')
    .replace(/-->/g, '--&gt;');

/** A colon in a name would end it. */
const label = (speaker: string): string => oneLine(speaker.replace(/:/g, ' '));

function srtCue(segment: FileSegment, i: number): string {
  const words = srtWords(oneLine(segment.text));
  const unnamed = speakerPrefix(words) ? `<i></i>${words}` : words;
  const spoken = segment.speaker ? `${srtWords(label(segment.speaker))}: ${words}` : unnamed;
  return `${i + 1}\n${range(timed(segment, i), ',')}\n${spoken}\n`;
}

const txtLine = ({ speaker, text }: FileSegment): string =>
  `${speaker ? label(speaker) : NOBODY}: ${oneLine(text)}\n`;

const markdown = (words: string): string => oneLine(words).replace(/([\\`*_[\]<>#|])/g, '\\$1');

function mdLine({ speaker, startMs, text }: FileSegment): string {
  const when = startMs === null ? '' : ` (${timestamp(startMs).slice(0, -4)})`;
  return `**${markdown(speaker ?? NOBODY)}**${when}: ${markdown(text)}\n`;
}

/** The transcript as a file. What `parseTranscript` reads of it again are the same speakers, words and times. */
export function exportTranscript(
  segments: readonly FileSegment[],
  kind: ExportKind,
  { title }: { title: string | null },
): string {
  if (kind === 'vtt') return vtt(segments, title);
  if (kind === 'srt') return segments.map(srtCue).join('\n');
  if (kind === 'txt') return segments.map(txtLine).join('');
  const heading = title && oneLine(title) ? [`# ${markdown(title)}\n`] : [];
  return [...heading, ...segments.map(mdLine)].join('\n');
}
