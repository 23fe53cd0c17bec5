/** What a transcript file says, in its order. Times are milliseconds from the start, null when the file has none. */
export interface ParsedTranscript {
  title: string | null;
  /** RFC 3339 or a date, as the file says it. */
  recordedAt: string | null;
  segments: FileSegment[];
}

export interface FileSegment {
  speaker: string | null;
  startMs: number | null;
  endMs: number | null;
  text: string;
}

/** The file can't be read as what it says it is. The message is for the person who uploaded it. */
export class MalformedTranscript extends Error {
  /** Where: a JSON pointer, or `line 12`; null = the file as a whole. */
  readonly pointer: string | null;

  constructor(reason: string, pointer: string | null = null) {
    super(pointer ? `${reason} (${pointer})` : reason);
    this.name = 'MalformedTranscript';
    this.pointer = pointer;
  }
}

/** Postgres keeps times as 32-bit integers: 24 days. */
export const MAX_MS = 2 ** 31 - 1;
