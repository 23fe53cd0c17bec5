import type { Participant } from '../meeting';
import type { WhoIs } from './first-names';

/** What one speaker says until another does. */
export interface Turn {
  speaker: string | null;
  text: string;
}

/** Says that a speaker is, or is not, a participant. */
export interface NameEvidence {
  speaker: string;
  participant: Participant;
  is: boolean;
}

const NAME = "(\\p{Lu}[\\p{L}'’-]+)";
/** The clause of "Ben, can you …", also in the middle of a sentence: "until next week, Carol, please …". */
const NAME_ALONE = new RegExp(`^(?:(?:and|so|okay|ok|now|then|hey) )?${NAME}$`, 'iu');
/** "Can you look at that, Ben?" */
const ADDRESSED_LAST = new RegExp(`\\b(?:you|your)\\b[^.?!]*,\\s+${NAME}\\?\\s*$`, 'u');
const REQUEST =
  /^(?:please|can|could|will|would|do|did|are|have|what|how|when|where|who|which|why|any|is|shall|should|let)\b/iu;
const ANSWER =
  /^(?:yes|yeah|yep|yup|sure|ok|okay|of course|right|absolutely|certainly|definitely|will do|no|not|done|gladly|happy to|i|i'll|i'm|i've|we|my|well|it|thanks|thank you|fine|good|great|no problem)\b/i;
const INTRODUCTION = new RegExp(
  `^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))[\\p{L} ]*[,.!]?\\s+)?(?:this is|I am|I'm|my name is)\\s+${NAME}(?![\\p{L}'’])([^.?!]*)`,
  'iu',
);
const SPEAKING = new RegExp(`^(?:(?:hi|hello),?\\s+)?${NAME} (?:here|speaking)\\b`, 'u');
const OF_SOMEBODY_ELSE = /\b(?:she|he|they|who|her|his|our|your)\b/i;
/** A request is answered at once: this many sentences may follow it in the same turn. */
const SENTENCES_AFTER = 2;

/** A request by name that the next speaker answers; the one who asks is not the one who is asked. */
export function requestEvidence(asking: Turn, answering: Turn | undefined, whoIs: WhoIs): NameEvidence[] {
  const participant = addressee(asking.text, whoIs);
  if (!participant || !asking.speaker) return [];
  const notMe: NameEvidence = { speaker: asking.speaker, participant, is: false };
  const answered = answering?.speaker && answers(answering.text, participant, whoIs);
  return answered ? [notMe, { speaker: answering.speaker as string, participant, is: true }] : [notMe];
}

/** "This is Carol", "I'm Ben from finance", "Anna speaking", at the beginning of a turn. */
export function introductionEvidence({ speaker, text }: Turn, whoIs: WhoIs): NameEvidence[] {
  const [, name, rest = ''] = INTRODUCTION.exec(text) ?? SPEAKING.exec(text) ?? [];
  const participant = name && isName(name) && !OF_SOMEBODY_ELSE.test(rest) ? whoIs(name) : null;
  return participant && speaker ? [{ speaker, participant, is: true }] : [];
}

const isName = (word: string) => /^\p{Lu}/u.test(word);

/** "You" and the name belong to one question; speech without a full stop can go on for an hour. */
const LONGEST_QUESTION = 500;

/** Who is asked for something in the last sentences of a turn. */
function addressee(text: string, whoIs: WhoIs): Participant | null {
  const sentences = text.split(/(?<=[.?!…])\s+/);
  for (const sentence of sentences.slice(-SENTENCES_AFTER - 1).reverse()) {
    const last = ADDRESSED_LAST.exec(sentence.slice(-LONGEST_QUESTION))?.[1];
    const name = last ?? addressedFirst(sentence, whoIs);
    if (name && isName(name)) return whoIs(name);
  }
  return null;
}

/** The name right before a request; two names in a row address nobody in particular. */
function addressedFirst(sentence: string, whoIs: WhoIs): string | null {
  const clauses = sentence.split(/,\s+/);
  const request = clauses.findLastIndex(
    (clause, i) => REQUEST.test(clause) && nameAlone(clauses[i - 1]) !== null,
  );
  const before = nameAlone(clauses[request - 2]);
  return before && whoIs(before) ? null : nameAlone(clauses[request - 1]);
}

function nameAlone(clause: string | undefined): string | null {
  const name = NAME_ALONE.exec(clause ?? '')?.[1];
  return name && isName(name) ? name : null;
}

/** An answer doesn't speak of the one who was asked. */
function answers(text: string, asked: Participant, whoIs: WhoIs): boolean {
  const names = text.match(/\p{Lu}[\p{L}]+/gu) ?? [];
  return ANSWER.test(text.replace(/’/g, "'")) && !names.some((name) => whoIs(name) === asked);
}
