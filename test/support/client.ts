/** Talks to a running stack over HTTP, as a front end does. */
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { eventually } from './poll';

export interface Item {
  id: string;
  evidence: { segmentId: string; quote: string }[];
}

/** The part of `GET /meeting/:id` that tests look at. */
export interface ShownMeeting {
  id: string;
  status: string;
  failure: { step: string; code: string; message: string } | null;
  durationSeconds: number | null;
  transcript: string;
  participants: { userId: string; name: string }[];
  segments: {
    id: string;
    speaker: string | null;
    startMs: number | null;
    endMs: number | null;
    text: string;
  }[];
  actionItems: (Item & { name: string; owner: string | null; deadline: string | null })[];
  decisions: (Item & { text: string })[];
  unresolvedQuestions: (Item & { text: string })[];
}

const RESTING = ['ready', 'failed', 'cancelled'];

/** Participants as a form field: first names with an address each. */
export const people = (...names: string[]): string =>
  JSON.stringify(names.map((name) => ({ name, email: `${name.toLowerCase()}@example.com` })));

/** Uploads a file with form fields; returns the meeting's id. */
export async function upload(
  apiUrl: string,
  file: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', await openAsBlob(file), path.basename(file));
  const answer = await fetch(`${apiUrl}/upload`, { method: 'POST', body: form });
  if (answer.status !== 201)
    throw new Error(`${path.basename(file)}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { meetingId: string }).meetingId;
}

/** The meeting once it rests. */
export const resting = (apiUrl: string, meetingId: string, deadlineMs = 120_000): Promise<ShownMeeting> =>
  eventually(
    async () => {
      const meeting = (await (await fetch(`${apiUrl}/meeting/${meetingId}`)).json()) as ShownMeeting;
      if (!RESTING.includes(meeting.status)) throw new Error(`still ${meeting.status}`);
      return meeting;
    },
    { deadlineMs, intervalMs: 100 },
  );

/** Quotes that do not stand literally in the segment they cite. */
export function brokenQuotes(meeting: ShownMeeting): string[] {
  const words = new Map(meeting.segments.map(({ id, text }) => [id, text]));
  const items: Item[] = [...meeting.actionItems, ...meeting.decisions, ...meeting.unresolvedQuestions];
  const evidence = items.flatMap((item) => item.evidence);
  return evidence
    .filter(({ segmentId, quote }) => !words.get(segmentId)?.includes(quote))
    .map(({ quote }) => quote);
}
