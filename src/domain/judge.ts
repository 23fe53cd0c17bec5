import type { Citation, ExtractedDecision, ExtractedQuestion, ExtractedTask } from '../ports';
import { ownerAgreed, type Called, type CitedWords } from './commitment';
import { findDeadlineWords, resolveDeadline, standsAsDeadline } from './deadline';
import { verifyQuote } from './evidence';
import type { JudgedDecision, JudgedQuestion, JudgedTask } from './judged';
import type { Deadline, Evidence, MeetingClock, Participant, Segment } from './meeting';
import { resolveOwner } from './owner';
import { sameMatter } from './same-matter';
import { clip, text } from './text';

/** The transcript that an item was found in. `segments` in order, speakers as they are shown. */
export interface Heard {
  segments: Segment[];
  participants: Participant[];
  clock: MeetingClock;
}

const MAX_CATEGORY_LENGTH = 50;
/** Nobody reads more for one item; a model that cites the whole meeting says nothing. */
const MAX_CITATIONS = 20;

interface Verified {
  evidence: Evidence;
  segment: Segment;
}

/** The citations whose quotes stand in their segments, with the literal words, each once. */
function verified(citations: readonly Citation[], segments: readonly Segment[]): Verified[] {
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const found = new Map<string, Verified>();
  for (const { segmentId, quote } of citations.slice(0, MAX_CITATIONS)) {
    const segment = byId.get(segmentId);
    const literal = segment ? verifyQuote(quote, segment.text) : null;
    if (!segment || literal === null) continue;
    const { startMs, endMs, speaker } = segment;
    found.set(`${segmentId} ${literal}`, {
      evidence: { segmentId, startMs, endMs, speaker, quote: literal },
      segment,
    });
  }
  return [...found.values()];
}

/** Consecutive segments of one known speaker are one turn. */
function turnsOf(segments: readonly Segment[]): Map<string, number> {
  let turn = 0;
  const turns = segments.map(({ id, speaker }, i): [string, number] => {
    if (i > 0 && (speaker === null || speaker !== segments[i - 1]!.speaker)) turn++;
    return [id, turn];
  });
  return new Map(turns);
}

const namesOf = ({ name }: Participant): string[] => [name, name.trim().split(/\s+/)[0]!];

function called(owner: Participant, { participants, segments }: Heard): Called {
  const speakers = [...new Set(segments.map(({ speaker }) => speaker))];
  const strangers = speakers.flatMap((speaker) =>
    speaker && !resolveOwner(speaker, participants) ? [speaker] : [],
  );
  const others = participants.filter(({ userId }) => userId !== owner.userId);
  const mine = namesOf(owner);
  const theirs = [...new Set([...others.flatMap(namesOf), ...strangers])];
  return { owner: mine, others: theirs.filter((name) => !mine.includes(name)) };
}

const isBy = (owner: Participant, speaker: string | null, heard: Heard): boolean =>
  resolveOwner(speaker, heard.participants)?.userId === owner.userId;

function agrees(name: string, owner: Participant, cited: readonly Verified[], heard: Heard): boolean {
  const turns = turnsOf(heard.segments);
  const words = cited.map(({ evidence, segment }): CitedWords => ({
    turn: turns.get(segment.id)!,
    byOwner: isBy(owner, segment.speaker, heard),
    quote: evidence.quote,
    text: segment.text,
  }));
  const quotes = words.map(({ quote }) => quote);
  return sameMatter(name, quotes) && ownerAgreed(words, called(owner, heard));
}

interface Due {
  deadline: Deadline | null;
  deadlineText: string | null;
  /** The words do not stand in the cited segments as a deadline. */
  unfounded: boolean;
}

const saysWhen = (words: string, { segment }: Verified): boolean => {
  const literal = verifyQuote(words, segment.text);
  return literal !== null && standsAsDeadline(segment.text, literal);
};

/** Of two deadlines in one exchange, the one that the owner says. */
function ownersWords(
  said: string,
  owner: Participant | null,
  cited: readonly Verified[],
  heard: Heard,
): string {
  const owners = cited.filter(({ segment }) => owner && isBy(owner, segment.speaker, heard));
  if (owners.some((words) => saysWhen(said, words))) return said;
  const own = owners.map(({ evidence }) => findDeadlineWords(evidence.quote, heard.clock));
  return own.findLast((words) => words !== null && resolveDeadline(words, heard.clock) !== null) ?? said;
}

function due(
  claimed: string | null,
  owner: Participant | null,
  cited: readonly Verified[],
  heard: Heard,
): Due {
  const said = text(claimed ?? '');
  if (said === '') return { deadline: null, deadlineText: null, unfounded: false };
  if (!cited.some((words) => saysWhen(said, words)))
    return { deadline: null, deadlineText: said, unfounded: true };
  const deadlineText = ownersWords(said, owner, cited, heard);
  return { deadline: resolveDeadline(deadlineText, heard.clock), deadlineText, unfounded: false };
}

/**
 * What our own code can stand behind of a task that an extractor claims: quotes found literally, an owner among the
 * participants or null, the day that the cited words mean. `needsReview` when a quote is left over for none of it, when
 * the deadline's words are nowhere in the cited segments, or when the owner has not agreed to it in the cited words.
 */
export function judgeTask(claimed: ExtractedTask, heard: Heard): JudgedTask {
  const cited = verified(claimed.evidence, heard.segments);
  const owner = resolveOwner(claimed.ownerText, heard.participants);
  const { deadline, deadlineText, unfounded } = due(claimed.deadlineText, owner, cited, heard);
  const name = text(claimed.name);
  const agreed = owner !== null && agrees(name, owner, cited, heard);
  return {
    name,
    ownerUserId: owner?.userId ?? null,
    ownerText: text(claimed.ownerText ?? '') || null,
    deadline,
    deadlineText,
    category: clip(text(claimed.category ?? ''), MAX_CATEGORY_LENGTH) || null,
    needsReview: !agreed || unfounded,
    agreed,
    evidence: cited.map(({ evidence }) => evidence),
  };
}

/** A decision with the quotes that stand in the transcript; with none left it needs review. */
export function judgeDecision(claimed: ExtractedDecision, segments: Segment[]): JudgedDecision {
  const evidence = verified(claimed.evidence, segments).map((found) => found.evidence);
  return { text: text(claimed.text), needsReview: evidence.length === 0, evidence };
}

/** As `judgeDecision`, for a question. */
export function judgeQuestion(claimed: ExtractedQuestion, segments: Segment[]): JudgedQuestion {
  return { ...judgeDecision(claimed, segments), status: claimed.status };
}
