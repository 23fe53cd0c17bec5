import type { Participant } from '../meeting';
import { introductionEvidence, requestEvidence, type NameEvidence, type Turn } from './evidence-of-names';
import { byFirstName } from './first-names';

export interface NamedSpeaker {
  name: string;
  userId: string;
}

/**
 * Names speakers from what was said: a request by name that the next speaker answers, an introduction, or, when as
 * many speak as take part, being the only one left. Where evidence contradicts itself everybody it concerns stays
 * unnamed. Answers a name for each speaker that has one.
 */
export function nameSpeakers(
  segments: { speaker: string | null; text: string }[],
  participants: Participant[],
): Record<string, NamedSpeaker> {
  const evidence = evidenceIn(turnsOf(segments), participants);
  const speakers = [...new Set(segments.flatMap(({ speaker }) => speaker ?? []))];
  const named = withoutContradictions(evidence);
  const contradicted = evidence.some(({ speaker, is }) => is && !named.has(speaker));
  if (!contradicted) nameTheOneLeft(named, speakers, participants, evidence);
  return Object.fromEntries([...named].map(([speaker, { name, userId }]) => [speaker, { name, userId }]));
}

function turnsOf(segments: Turn[]): Turn[] {
  const turns: Turn[] = [];
  for (const { speaker, text } of segments) {
    const last = turns.at(-1);
    if (last && last.speaker === speaker) last.text += ` ${text}`;
    else turns.push({ speaker, text });
  }
  return turns;
}

function evidenceIn(turns: Turn[], participants: Participant[]): NameEvidence[] {
  const whoIs = byFirstName(participants);
  return turns.flatMap((turn, i) => [
    ...requestEvidence(turn, turns[i + 1], whoIs),
    ...introductionEvidence(turn, whoIs),
  ]);
}

/** Speakers of whom everything says the same, and who share their name with nobody. */
function withoutContradictions(evidence: NameEvidence[]): Map<string, Participant> {
  const agreed = evidence.filter((one) => one.is && !evidence.some((other) => contradict(one, other)));
  return new Map(agreed.map(({ speaker, participant }) => [speaker, participant]));
}

function contradict(one: NameEvidence, other: NameEvidence): boolean {
  const sameSpeaker = one.speaker === other.speaker;
  const samePerson = one.participant === other.participant;
  return other.is ? sameSpeaker !== samePerson : sameSpeaker && samePerson;
}

function nameTheOneLeft(
  named: Map<string, Participant>,
  speakers: string[],
  participants: Participant[],
  evidence: NameEvidence[],
): void {
  const left = speakers.filter((speaker) => !named.has(speaker));
  const unnamed = participants.filter((participant) => ![...named.values()].includes(participant));
  const [speaker, participant] = [left[0], unnamed[0]];
  if (speakers.length !== participants.length || left.length !== 1 || !speaker || !participant) return;
  const impossible = evidence.some((e) => !e.is && e.speaker === speaker && e.participant === participant);
  if (!impossible && named.size > 0) named.set(speaker, participant);
}
