/** The nouns of the product, as plain values. Times inside a recording are milliseconds from its start. */

export const MEETING_STATUSES = [
  'queued',
  'probing',
  'transcribing',
  'extracting',
  'notifying',
  'ready',
  'failed',
  'cancelled',
] as const;
/** Where a meeting is; also the value of the search attribute `MeetingStage`. */
export type MeetingStatus = (typeof MEETING_STATUSES)[number];

/** Somebody is working on it, or about to. */
export const IN_WORK: readonly MeetingStatus[] = [
  'queued',
  'probing',
  'transcribing',
  'extracting',
  'notifying',
];

export const STEPS = ['probe', 'transcribe', 'extract', 'notify'] as const;
/** The steps of a run that a user is told about. */
export type Step = (typeof STEPS)[number];

/** What failed, in words a user can act on. `at` is an RFC 3339 instant. */
export interface Failure {
  step: Step;
  code: string;
  message: string;
  retryable: boolean;
  at: string;
}

/** Somebody who was in the meeting; every participant is a user. */
export interface Participant {
  userId: string;
  name: string;
  email: string;
}

/** A stretch of the transcript by one speaker. `.txt` uploads have no times. */
export interface Segment {
  id: string;
  speaker: string | null;
  startMs: number | null;
  endMs: number | null;
  text: string;
  confidence: number | null;
}

/** A word as the speech engine heard it. `text` has no surrounding white space. */
export interface HeardWord {
  startMs: number;
  endMs: number;
  text: string;
}

/** What a speech engine heard in one breath. `words` may be empty when the engine gives none. */
export interface HeardSegment {
  startMs: number;
  endMs: number;
  text: string;
  confidence: number | null;
  speaker: string | null;
  words: HeardWord[];
}

/** One voice speaking without a break. `voice` counts from 0; null = not sure whose it is. */
export interface VoiceTurn {
  startMs: number;
  endMs: number;
  voice: number | null;
}

/** Words of a segment that support an item. `quote` stands literally in that segment's text. */
export interface Evidence {
  segmentId: string;
  startMs: number | null;
  endMs: number | null;
  speaker: string | null;
  quote: string;
}

/** When and where a meeting took place: an RFC 3339 instant and an IANA zone. Deadlines are counted from it. */
export interface MeetingClock {
  recordedAt: string;
  timezone: string;
}

/**
 * A deadline that was said: a calendar day (`YYYY-MM-DD`, due at that day's end in the zone) or an instant
 * (RFC 3339 with the zone's offset).
 */
export type Deadline = { date: string } | { at: string };
