/** What a new meeting is called and when it was: the field, else what the file says, else a plain default. */
import path from 'node:path';
import { DateTime } from 'luxon';
import { text } from '../../src/domain/text';
import type { UploadFields } from './fields';
import type { ReceivedFile } from './storage-engine';

const MAX_TITLE_CHARS = 300;
const UNTITLED = 'Untitled meeting';
/** A day without a time: noon keeps the day whatever zone it is read in by mistake. */
const NOON = { hour: 12 };

export interface MeetingFacts {
  title: string;
  recordedAt: Date;
  timezone: string;
}

/** `callerTimezone` and `now` are the defaults. */
export function meetingFacts(
  fields: UploadFields,
  file: ReceivedFile,
  { callerTimezone, now }: { callerTimezone: string; now: Date },
): MeetingFacts {
  const said = 'transcript' in file ? file.transcript : { title: null, recordedAt: null };
  const timezone = fields.timezone ?? callerTimezone;
  const moment = fields.recordedAt ?? said.recordedAt;
  return {
    title: fields.title ?? (shortened(said.title ?? '') || shortened(path.parse(file.name).name) || UNTITLED),
    recordedAt: (moment === null ? null : instantOf(moment, timezone)) ?? now,
    timezone,
  };
}

/** A cut must not leave half of a surrogate pair, which `text` would show as U+FFFD. */
const shortened = (title: string): string => [...text(title)].slice(0, MAX_TITLE_CHARS).join('').trim();

function instantOf(moment: string, timezone: string): Date | null {
  const isDay = moment.length === 'YYYY-MM-DD'.length;
  const parsed = DateTime.fromISO(moment.toUpperCase(), { zone: timezone });
  if (!parsed.isValid) return null;
  return (isDay ? parsed.set(NOON) : parsed).toJSDate();
}
