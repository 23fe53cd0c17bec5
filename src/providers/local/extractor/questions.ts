import type { Sentence } from '../../../domain/speech/sentences';
import type { ExtractedQuestion } from '../../../ports';
import { askedBefore, justAsked, takenByNextSpeaker, withoutLead, type Place } from './asked';
import { fluent } from './fluent';
import type { Reading } from './reading';
import { cite } from './turns';

const OPEN_NOUN = '(?:open (?:question|issue|point|discussion)|unresolved|undecided|unanswered)';
/** Said of a question: it stays open. */
const LEFT_OPEN = new RegExp(
  [
    "\\b(?:we|i|nobody|no one) (?:do not|don't|does not|doesn't|still don't) know (?:that )?yet\\b",
    "\\bwe (?:do not|don't) know\\b(?=[.!]|,?$)",
    `\\b(?:that|this|it|which)(?:'s| is| remains)(?: \\w+)? (?:an |a )?${OPEN_NOUN}\\b`,
    "\\b(?:let'?s|let us|we'll|we will|we should|we can|can we) (?:just )?(?:leave|keep) (?:that|this|it|that one|the question) open\\b",
    "\\b(?:let'?s|we'll|we will|we should) (?:park|postpone|table) (?:that|this|it)\\b",
    "\\b(?:has not|hasn't|have not|haven't|not) (?:been )?(?:decided|resolved|settled)(?: that| this| it)? yet\\b",
    '\\bremains? (?:fully |still |completely )?open\\b|\\bstill (?:fully )?open\\b|\\bto be decided\\b',
  ].join('|'),
  'i',
);
/** "We do not know that marketing wants …": right after a question its first words answer it, whatever follows. */
const NOT_KNOWN =
  /^(?:(?:well|um+|uh+|hm+|oh|yes|yeah|no|honestly|so|but)[,. ]+)*(?:we(?: really| still| just| simply)? (?:do not|don't)(?: really| actually)? know|(?:nobody|no one)(?: really| here)? knows)\b(?! (?:it|that|this|them|him|her|how to|for sure that)[,.!?]*$)/i;
const WH = '(?:whether|who|what|when|how|where|which|why|if)\\b';
/** "The open question is who signs", "the question of who signs remains open". */
const NAMED = new RegExp(
  `\\b(?:open|unresolved|remaining) (?:question|issue)(?: is|:| remains)?,? (${WH}.+)$|\\b(?:question|issue) (?:of |about |is )?(${WH}.+?) (?:remains|stays|is still|is) (?:\\w+ )?open\\b`,
  'i',
);
/** "That is still an open question, who …": it speaks of the question before, the next begins behind it. */
const POINTS_BACK = new RegExp(
  `\\b(?:that|this|which)(?:'s| is| remains)(?: \\w+)? (?:an |a )?${OPEN_NOUN}\\b(?!,? (?:whether|if)\\b)`,
  'i',
);

function readable(words: string): string {
  const plain = withoutLead(fluent(words)).replace(/^[\s,]+|[\s.?!,]+$/g, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}?`;
}

type Open = ExtractedQuestion & { key: Sentence };

/** The earlier question that a sentence leaves open. */
function leftOpen(place: Place, reading: Reading): Open | null {
  const { turn, sentence } = place;
  if (sentence.text.endsWith('?') && !POINTS_BACK.test(sentence.text)) return null;
  const asked = LEFT_OPEN.test(sentence.text)
    ? askedBefore(place, reading)
    : NOT_KNOWN.test(sentence.text) && justAsked(place, reading);
  if (!asked) return null;
  const evidence = [...cite(asked.turn, asked.sentence), ...cite(turn, sentence)];
  return { key: asked.sentence, text: readable(asked.sentence.text), status: 'open', evidence };
}

/** The question that a sentence itself calls open. */
function calledOpen({ turn, sentence }: Place, reading: Reading): Open | null {
  const said = NAMED.exec(sentence.text);
  const words = said?.[1] ?? said?.[2];
  if (!words || takenByNextSpeaker(words, turn, reading)) return null;
  return { key: sentence, text: readable(words), status: 'open', evidence: cite(turn, sentence) };
}

function openQuestion(place: Place, reading: Reading): Open | null {
  const back = POINTS_BACK.test(place.sentence.text) ? leftOpen(place, reading) : null;
  return back ?? calledOpen(place, reading) ?? leftOpen(place, reading);
}

/** Questions that the meeting says it leaves open; what is merely asked, or asked and answered, is none. */
export function questionsIn(reading: Reading): ExtractedQuestion[] {
  const kept = new Map<Sentence, ExtractedQuestion>();
  for (const turn of reading.turns) {
    for (const sentence of turn.sentences) {
      const open = openQuestion({ turn, sentence }, reading);
      if (!open) continue;
      const { key, ...question } = open;
      const same = kept.get(key);
      if (same) same.evidence.push(...cite(turn, sentence));
      else kept.set(key, question);
    }
  }
  return [...kept.values()];
}
