import type { Segment } from '../../src/domain/meeting';
import type { Citation, Extractor } from '../../src/ports';

/** A meeting as the corpora give it. `gold_evidence`: per annotated sentence the indices of the turns it is drawn from. */
export interface AnnotatedMeeting {
  id: string;
  date?: string;
  turns: { speaker: string; start: number; end: number; text: string }[];
  gold: { actions: string[]; decisions: string[]; problems: string[] };
  gold_evidence?: Record<string, number[][]>;
}

export interface FlaggedItem {
  kind: 'action' | 'decision' | 'question';
  text: string;
  /** Indices of the turns that it cites. */
  turns: number[];
}

/** Annotators link the turn that says most; the promise often stands next to it. */
export const ADJACENT_TURNS = 2;

function segmentsOf({ turns }: AnnotatedMeeting): Segment[] {
  return turns.map(({ speaker, start, end, text }, i) => ({
    id: String(i),
    speaker,
    startMs: Math.round(start * 1000),
    endMs: Math.round(end * 1000),
    text,
    confidence: null,
  }));
}

const cited = (evidence: Citation[]): number[] => [
  ...new Set(evidence.map(({ segmentId }) => Number(segmentId))),
];

/** Everything that the extractor flags in a meeting; its speakers are the participants. */
export async function flaggedItems(extractor: Extractor, meeting: AnnotatedMeeting): Promise<FlaggedItem[]> {
  const speakers = [...new Set(meeting.turns.map(({ speaker }) => speaker))];
  const found = await extractor.extract(
    {
      segments: segmentsOf(meeting),
      participants: speakers.map((name, i) => ({ userId: name, name, email: `speaker${i}@example.com` })),
      clock: { recordedAt: `${meeting.date ?? '2025-01-01'}T12:00:00Z`, timezone: 'UTC' },
      instructions: null,
    },
    { signal: new AbortController().signal },
  );
  return [
    ...found.tasks.map(({ ownerText, name, evidence }) => ({
      kind: 'action' as const,
      text: `${ownerText ?? 'nobody'}: ${name}`,
      turns: cited(evidence),
    })),
    ...found.decisions.map(({ text, evidence }) => ({
      kind: 'decision' as const,
      text,
      turns: cited(evidence),
    })),
    ...found.questions.map(({ text, evidence }) => ({
      kind: 'question' as const,
      text,
      turns: cited(evidence),
    })),
  ];
}

/** Whether a turn that the item cites is, or is next to, one that an annotator linked. */
export function isSupported({ turns }: FlaggedItem, links: readonly number[]): boolean {
  return turns.some((turn) => links.some((link) => Math.abs(link - turn) <= ADJACENT_TURNS));
}
