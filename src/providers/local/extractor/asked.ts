import { sameMatter } from '../../../domain/same-matter';
import { beginsAsQuestion } from '../../../domain/speech/clauses';
import type { Sentence } from '../../../domain/speech/sentences';
import { asTask, saysWhat } from './phrase';
import type { Reading } from './reading';
import { stands } from './standing';
import type { Turn } from './turns';

/** A sentence and the turn that it stands in. */
export interface Place {
  turn: Turn;
  sentence: Sentence;
}

/** Questions about the meeting itself, or tags at the end of a statement. */
const NO_QUESTION =
  /^(?:(?:and|so|okay|ok|well|right|um|uh)[, ]+)*(?:(?:any|no|other|more) questions|ready|really|right|okay|sorry|pardon|what|who|why|how|yes|no|you know|what about \S+(?: \S+){0,2}|how about \S+(?: \S+){0,2})[\s?.,]*$/i;
const MIN_WORDS = 4;
/** "Well,", "Hm.", "Good point.": so short a sentence says nothing of its own. */
const INTERJECTION_WORDS = 2;
/** A question that is answered with "we don't know" was asked at most so many turns before. */
const TURNS_BACK = 3;
const LEAD = /^(?:(?:and|so|okay|ok|well|but|right|now|then)[, ]+)+/i;

/** Words in front of a question that are not part of it: "And so", "Okay, then". */
export const withoutLead = (words: string): string => words.replace(LEAD, '');

/** "Can you tell us who pays?" asks; "can you fix it?" and "can you hear me?" ask nothing that could stay open. */
const WANTS_WORDS = /^\s*(?:tell|say|explain|clarify)\b/i;

/** A real question, with or without its mark. */
function isQuestion(sentence: Sentence, reading: Reading): boolean {
  const { text } = sentence;
  const asks = text.endsWith('?') || beginsAsQuestion(withoutLead(text));
  if (!asks || text.split(/\s+/).length < MIN_WORDS || NO_QUESTION.test(text)) return false;
  return reading.actsOf(sentence).every(({ kind, phrase }) => kind !== 'request' || WANTS_WORDS.test(phrase));
}

const WHO_DOES =
  /^who(?:'s| is| are)?(?: going to| gonna| will| can| could| should| would| wants to)? (.+)$/i;

/** "Who is going to call them?" – "I will." */
export function takenByNextSpeaker(question: string, turn: Turn, reading: Reading): boolean {
  const work = WHO_DOES.exec(withoutLead(question))?.[1];
  const answer = reading.turns[turn.index + 1];
  if (!work || !answer) return false;
  const acts = answer.sentences.slice(0, 3).flatMap((sentence) => reading.actsOf(sentence));
  return acts.some((act) => {
    if (act.kind !== 'promise' || !stands(act)) return false;
    const { name } = asTask(act.phrase, reading.clock, null);
    return !saysWhat(name) || sameMatter(name, [work]) || sameMatter(work, [name]);
  });
}

const stillAsked = (reading: Reading, turn: Turn, sentence: Sentence): boolean =>
  isQuestion(sentence, reading) && !takenByNextSpeaker(sentence.text, turn, reading);

/** The last real question before a sentence that nobody has taken up; a nearer one wins. */
export function askedBefore({ turn, sentence }: Place, reading: Reading): Place | null {
  for (let back = 0; back <= TURNS_BACK; back++) {
    const earlier = reading.turns[turn.index - back];
    const last = earlier?.sentences.findLast(
      (s) => (back > 0 || s.start < sentence.start) && stillAsked(reading, earlier, s),
    );
    if (earlier && last) return { turn: earlier, sentence: last };
  }
  return null;
}

/** The question that a sentence follows at once: in the same turn, or as the first words of the next. */
export function justAsked({ turn, sentence }: Place, reading: Reading): Place | null {
  const said = turn.sentences.slice(0, turn.sentences.indexOf(sentence));
  const before = said.findLast(({ text }) => text.split(/\s+/).length > INTERJECTION_WORDS);
  const earlier = before ? turn : reading.turns[turn.index - 1];
  const last = before ?? earlier?.sentences.at(-1);
  return earlier && last && stillAsked(reading, earlier, last) ? { turn: earlier, sentence: last } : null;
}
