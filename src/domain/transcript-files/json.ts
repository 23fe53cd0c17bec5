import { DateTime } from 'luxon';
import { MalformedTranscript, MAX_MS, type FileSegment, type ParsedTranscript } from './types';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    throw new MalformedTranscript('The file is not valid JSON.');
  }
}

function words(value: unknown, pointer: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new MalformedTranscript('Must be a string.', pointer);
  return value;
}

function time(value: unknown, msPerUnit: number, pointer: string): number | null {
  if (value === undefined || value === null) return null;
  const ms = typeof value === 'number' ? Math.round(value * msPerUnit) : NaN;
  if (!(ms >= 0 && ms <= MAX_MS))
    throw new MalformedTranscript('Must be a time within 24 days of the start.', pointer);
  return ms;
}

interface Keys {
  list: 'segments' | 'turns';
  start: string;
  end: string;
  msPerUnit: number;
}

const OURS: Keys = { list: 'segments', start: 'startMs', end: 'endMs', msPerUnit: 1 };
const TURNS: Keys = { list: 'turns', start: 'start', end: 'end', msPerUnit: 1000 };

function segment(entry: unknown, { list, start, end, msPerUnit }: Keys, i: number): FileSegment {
  const pointer = `/${list}/${i}`;
  if (!isFields(entry)) throw new MalformedTranscript('Must be an object.', pointer);
  const startMs = time(entry[start], msPerUnit, `${pointer}/${start}`);
  const endMs = time(entry[end], msPerUnit, `${pointer}/${end}`);
  if (startMs !== null && endMs !== null && endMs < startMs) {
    throw new MalformedTranscript('Must not lie before the start.', `${pointer}/${end}`);
  }
  const text = words(entry.text, `${pointer}/text`);
  if (text === null) throw new MalformedTranscript('Is required.', `${pointer}/text`);
  return { speaker: words(entry.speaker, `${pointer}/speaker`), startMs, endMs, text };
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i;

const isMoment = (said: string): boolean =>
  (DAY.test(said) || INSTANT.test(said)) && DateTime.fromISO(said.toUpperCase()).isValid;

/** `recordedAt` must be right; a `date` of somebody else's making is used when it is one. */
function recordedAtOf(file: Fields): string | null {
  const own = words(file.recordedAt, '/recordedAt');
  if (own !== null && !isMoment(own)) {
    throw new MalformedTranscript('Must be a date or an RFC 3339 instant.', '/recordedAt');
  }
  return own ?? (typeof file.date === 'string' && isMoment(file.date) ? file.date : null);
}

/** Our own export (`segments`, milliseconds), or `turns` with seconds. Fields that we don't know are passed over. */
export function parseJson(text: string): ParsedTranscript {
  const file = parsed(text);
  const keys = isFields(file) && Array.isArray(file.segments) ? OURS : TURNS;
  if (!isFields(file) || !Array.isArray(file[keys.list])) {
    throw new MalformedTranscript('Expected an object with a list of segments or turns.', '/segments');
  }
  const entries = file[keys.list] as unknown[];
  return {
    title: words(file.title, '/title'),
    recordedAt: recordedAtOf(file),
    segments: entries.map((entry, i) => segment(entry, keys, i)),
  };
}
