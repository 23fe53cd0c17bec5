/** What was heard, out of an answer that a profile describes. Times count from the start of the piece. */
import { isDeepStrictEqual } from 'node:util';
import type { HeardSegment } from '../../domain/meeting';
import { text as clean } from '../../domain/text';
import { notAsTheProfileSays, serviceFailed } from './failures';
import { place, type Placed } from './place';
import { firstAt, valueAt } from './pointer';
import type { ResponseProfile, SegmentProfile } from './profile';

/** Field names may be told to an operator; anything else between quotes could be content. */
const FIELD_NAME = /^[a-z][a-z0-9_]{0,29}$/i;
const FIELDS_TOLD = 8;

/**
 * The segments, clamped to the piece and in order; one for the whole piece when the service tells no times; none when
 * nothing was said. Throws ProviderError `speech-service-failed` or `speech-profile-wrong`.
 */
export function heardIn(answer: unknown, profile: ResponseProfile, durationMs: number): HeardSegment[] {
  if (saysItFailed(answer, profile)) throw serviceFailed();
  const whole = firstAt(answer, profile.text);
  const listed = firstAt(answer, profile.segments);
  if (!isText(whole) && !Array.isArray(listed)) throw notAsTheProfileSays(fieldsOf(answer));
  const said = isText(whole) ? clean(whole ?? '') : '';
  const placed = Array.isArray(listed) && profile.segment ? segmentsIn(listed, profile.segment) : [];
  const segments = placed.length > 0 ? place(placed, durationMs) : wholePiece(said, durationMs);
  return segments.map((segment) => ({ ...segment, confidence: null, words: [] }));
}

/** null is how some say that there was nothing. */
const isText = (value: unknown): value is string | null => typeof value === 'string' || value === null;

function saysItFailed(answer: unknown, { ok }: ResponseProfile): boolean {
  if (ok && !isDeepStrictEqual(valueAt(answer, ok.pointer), ok.equals)) return true;
  return valueAt(answer, '/success') === false || valueAt(answer, '/status') === false;
}

function fieldsOf(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.keys(answer)
    .filter((name) => FIELD_NAME.test(name))
    .slice(0, FIELDS_TOLD);
}

const wholePiece = (text: string, endMs: number) =>
  text === '' ? [] : [{ startMs: 0, endMs, text, speaker: null }];

/** Empty when one of them has no time: then none of the times is of use. */
function segmentsIn(listed: unknown[], profile: SegmentProfile): Placed[] {
  const segments = listed.flatMap((item) => segmentIn(item, profile));
  return segments.some(({ startMs }) => Number.isNaN(startMs)) ? [] : segments;
}

function segmentIn(item: unknown, profile: SegmentProfile): Placed[] {
  const said = firstAt(item, profile.text);
  const text = typeof said === 'string' ? clean(said) : '';
  if (text === '') return [];
  const ms = (pointers?: string[]) => toMs(firstAt(item, pointers), profile.unit);
  const startMs = ms(profile.start);
  const endMs = ms(profile.end);
  const speaker = firstAt(item, profile.speaker);
  return [
    {
      startMs,
      endMs: Number.isNaN(endMs) ? startMs + ms(profile.duration) : endMs,
      text,
      speaker:
        typeof speaker === 'string' || typeof speaker === 'number' ? clean(String(speaker)) || null : null,
    },
  ];
}

/** Some send numbers as strings. NaN = not told. */
function toMs(value: unknown, unit: SegmentProfile['unit']): number {
  if (typeof value === 'string' && value.includes(':')) return clockMs(value);
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return Number.NaN;
  return Math.round(Number(value) * (unit === 'ms' ? 1 : 1000));
}

/** `hh:mm:ss`, `mm:ss`, with fractions after a point or a comma. */
function clockMs(clock: string): number {
  const parts = clock.trim().replace(',', '.').split(':').map(Number);
  return Math.round(parts.reduce((sum, part) => sum * 60 + part, 0) * 1000);
}
