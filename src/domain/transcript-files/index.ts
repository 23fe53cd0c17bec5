import { text } from '../text';
import { decode } from './decode';
import { parseJson } from './json';
import { inPieces } from './pieces';
import { parseSrt } from './srt';
import { parseTxt } from './txt';
import { MalformedTranscript, type FileSegment, type ParsedTranscript } from './types';
import { parseVtt } from './vtt';

export { exportTranscript, type ExportKind } from './export';
export { MalformedTranscript, type FileSegment, type ParsedTranscript } from './types';

export type TranscriptKind = 'vtt' | 'srt' | 'txt' | 'json';

const PARSERS: Record<TranscriptKind, (file: string) => ParsedTranscript> = {
  vtt: parseVtt,
  srt: parseSrt,
  txt: parseTxt,
  json: parseJson,
};

const clean = (segment: FileSegment): FileSegment => ({
  ...segment,
  speaker: text(segment.speaker ?? '') || null,
  text: text(segment.text),
});

const hasWords = (segment: FileSegment): boolean => segment.text !== '';

/**
 * Reads a ready transcript: UTF-8, or UTF-16 with a byte order mark; segments without words are left out. Throws
 * MalformedTranscript, with the reason and the place, for what can't be read or says nothing at all.
 */
export function parseTranscript(bytes: Buffer, kind: TranscriptKind): ParsedTranscript {
  const { title, recordedAt, segments } = PARSERS[kind](decode(bytes));
  const spoken = segments.map(clean).filter(hasWords).flatMap(inPieces);
  if (!spoken.some((segment) => /[\p{L}\p{N}]/u.test(segment.text))) {
    throw new MalformedTranscript('There are no words in the file.');
  }
  return { title: text(title ?? '') || null, recordedAt, segments: spoken };
}
