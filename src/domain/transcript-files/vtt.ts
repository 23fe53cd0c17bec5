import { cuesOf, type Cue } from './cues';
import { oneLine, unescaped } from './markup';
import { speakerPrefix } from './speaker-prefix';
import { MalformedTranscript, type FileSegment, type ParsedTranscript } from './types';

const HEADER = /^WEBVTT(?:[ \t]+(?:-\s*)?(.*))?$/;
// No tag goes past the next "<": a page of tags without an end would be looked through for each of them.
const VOICE = /<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>/g;
const OTHER_TAG = /<\/?(?:v|c|b|i|u|lang|ruby|rt)(?:[.\s][^<>]*)?>|<\d[\d:.]*>/g;

const plain = (markup: string): string => oneLine(unescaped(markup.replace(OTHER_TAG, '')));

function withoutVoice(payload: string): { speaker: string | null; text: string } {
  const prefixed = speakerPrefix(oneLine(payload));
  if (!prefixed) return { speaker: null, text: plain(payload) };
  return { speaker: prefixed.speaker && plain(prefixed.speaker), text: plain(prefixed.text) };
}

/** A cue may hold several voices; each becomes a segment of its own with the cue's times. */
function segmentsOf({ startMs, endMs, payload }: Cue, named: boolean): FileSegment[] {
  const voices = [...payload.matchAll(VOICE)];
  const first = payload.slice(0, voices[0]?.index ?? payload.length);
  const before = named ? { speaker: null, text: plain(first) } : withoutVoice(first);
  const spoken = voices.map((voice, i) => ({
    speaker: plain(voice[1] ?? '') || null,
    text: plain(payload.slice(voice.index + voice[0].length, voices[i + 1]?.index)),
  }));
  return [before, ...spoken].filter(({ text }) => text !== '').map((said) => ({ ...said, startMs, endMs }));
}

/** WebVTT. Where no cue names its voice, "Anna: words" does. */
export function parseVtt(file: string): ParsedTranscript {
  const lines = file.split('\n');
  const header = HEADER.exec(lines[0]!);
  if (!header) throw new MalformedTranscript('A WebVTT file begins with WEBVTT.', 'line 1');
  const cues = cuesOf(lines);
  const named = cues.some(({ payload }) => payload.match(VOICE));
  return {
    title: oneLine(unescaped(header[1] ?? '')) || null,
    recordedAt: null,
    segments: cues.flatMap((cue) => segmentsOf(cue, named)),
  };
}
