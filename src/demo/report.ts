/** Lays out a meeting, as the API gives it, for a terminal. */

interface Evidence {
  speaker: string | null;
  startMs: number | null;
  quote: string;
}

/** The part of `GET /meeting/:id` that the demo shows. */
export interface ShownMeeting {
  title: string;
  status: string;
  failure: { step: string; code: string; message: string } | null;
  participants: { userId: string; name: string }[];
  segments: { speaker: string | null; startMs: number | null; text: string }[];
  decisions: { text: string; evidence: Evidence[] }[];
  actionItems: {
    name: string;
    owner: string | null;
    ownerText: string | null;
    deadline: string | null;
    deadlineText: string | null;
    needsReview: boolean;
    evidence: Evidence[];
  }[];
  unresolvedQuestions: { text: string; evidence: Evidence[] }[];
}

function clock(ms: number | null): string {
  if (ms === null) return '     ';
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

const cite = ([first]: Evidence[]) =>
  first ? [`      ${clock(first.startMs)} ${first.speaker ?? 'somebody'}: "${first.quote}"`] : [];

const section = (title: string, lines: string[]) => [
  '',
  lines.length > 0 ? title : `${title}: none`,
  ...lines,
];

function actionItem(item: ShownMeeting['actionItems'][number], people: Map<string, string>): string[] {
  const owner = (item.owner && people.get(item.owner)) ?? (item.ownerText ? `"${item.ownerText}"` : 'nobody');
  const due = item.deadline ? `due ${item.deadline} ("${item.deadlineText}")` : 'no date';
  const review = item.needsReview ? ' (needs review)' : '';
  return [`  - ${item.name}: ${owner}, ${due}${review}`, ...cite(item.evidence)];
}

/** Transcript, decisions, action items and questions, each with the words that they rest on. */
export function report(meeting: ShownMeeting): string {
  const people = new Map(meeting.participants.map(({ userId, name }) => [userId, name]));
  const cited = (item: { text: string; evidence: Evidence[] }) => [
    `  - ${item.text}`,
    ...cite(item.evidence),
  ];
  return [
    meeting.title,
    ...section(
      'Transcript',
      meeting.segments.map(({ speaker, startMs, text }) => `  ${clock(startMs)} ${speaker ?? '?'}: ${text}`),
    ),
    ...section('Decisions', meeting.decisions.flatMap(cited)),
    ...section(
      'Action items',
      meeting.actionItems.flatMap((item) => actionItem(item, people)),
    ),
    ...section('Open questions', meeting.unresolvedQuestions.flatMap(cited)),
  ].join('\n');
}
