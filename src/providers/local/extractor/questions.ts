import type { Sentence } from '../../../domain/speech/sentences';
import type { ExtractedQuestion } from '../../../ports';
import { fluent } from './fluent';
import type { Reading } from './reading';
import { cite, type Turn } from './turns';

/** Said of a question: it stays open. */
const LEFT_OPEN = new RegExp(
  [
    "\\b(?:we|i|nobody|no one) (?:do not|don't|does not|doesn't|still don't) know (?:that )?yet\\b",
    "\\bwe (?:do not|don't) know\\b(?=[.!]|$)",
    "\\b(?:that|this|it|which)(?:'s| is| remains)(?: \\w+)? (?:an |a )?(?:open (?:question|issue|point|discussion)|unresolved|undecided|unanswered)\\b",
    "\\b(?:let'?s|let us|we'll|we will|we should|we can|can we) (?:just )?(?:leave|keep) (?:that|this|it|that one|the question) open\\b",
    "\\b(?:let'?s|we'll|we will|we should) (?:park|postpone|table) (?:that|this|it)\\b",
    "\\b(?:has not|hasn't|have not|haven't|not) (?:been )?(?:decided|resolved|settled)(?: that| this| it)? yet\\b",
    '\\bremains? (?:fully |still |completely )?open\\b|\\bstill (?:fully )?open\\b|\\bto be decided\\b',
  ].join('|'),
  'i',
);
const WH = '(?:whether|who|what|when|how|where|which|why|if)\\b';
/** "The open question is who signs", "the question of who signs remains open". */
const NAMED = new RegExp(
  `\\b(?:open|unresolved|remaining) (?:question|issue)(?: is|:| remains)?,? (${WH}.+)$|\\b(?:question|issue) (?:of |about |is )?(${WH}.+?) (?:remains|stays|is still|is) (?:\\w+ )?open\\b`,
  'i',
);
/** Questions about the meeting itself, or tags at the end of a statement. */
const NO_QUESTION =
  /^(?:(?:and|so|okay|ok|well|right|um|uh)[, ]+)*(?:(?:any|no|other|more) questions|ready|really|right|okay|sorry|pardon|what|who|why|how|yes|no|you know|what about \S+(?: \S+){0,2}|how about \S+(?: \S+){0,2})[\s?.]*$/i;
const MIN_WORDS = 4;
/** A question that is answered with "we don't know" was asked at most so many turns before. */
const TURNS_BACK = 3;

interface Place {
  turn: Turn;
  sentence: Sentence;
}

const isQuestion = ({ text }: Sentence): boolean =>
  text.endsWith('?') && text.split(/\s+/).length >= MIN_WORDS && !NO_QUESTION.test(text);

/** The last real question before a sentence; a nearer one wins. */
function askedBefore(turns: readonly Turn[], { turn, sentence }: Place): Place | null {
  for (let back = 0; back <= TURNS_BACK; back++) {
    const earlier = turns[turn.index - back];
    const last = earlier?.sentences.findLast((s) => isQuestion(s) && (back > 0 || s.start < sentence.start));
    if (earlier && last) return { turn: earlier, sentence: last };
  }
  return null;
}

function readable(words: string): string {
  const plain = fluent(words)
    .replace(/^(?:(?:and|so|okay|ok|well|but|right|now|then)[, ]+)+/i, '')
    .replace(/^[\s,]+|[\s.?!]+$/g, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}?`;
}

function openQuestion(place: Place, turns: readonly Turn[]): (ExtractedQuestion & { key: Sentence }) | null {
  const { turn, sentence } = place;
  const said = NAMED.exec(sentence.text);
  const named = said?.[1] ?? said?.[2];
  if (named) return { key: sentence, text: readable(named), status: 'open', evidence: cite(turn, sentence) };
  if (sentence.text.endsWith('?') || !LEFT_OPEN.test(sentence.text)) return null;
  const asked = askedBefore(turns, place);
  if (!asked) return null;
  const evidence = [...cite(asked.turn, asked.sentence), ...cite(turn, sentence)];
  return { key: asked.sentence, text: readable(asked.sentence.text), status: 'open', evidence };
}

/** Questions that the meeting says it leaves open; what is merely asked, or asked and answered, is none. */
export function questionsIn({ turns }: Reading): ExtractedQuestion[] {
  const kept = new Map<Sentence, ExtractedQuestion>();
  for (const turn of turns) {
    for (const sentence of turn.sentences) {
      const open = openQuestion({ turn, sentence }, turns);
      if (!open) continue;
      const { key, ...question } = open;
      const same = kept.get(key);
      if (same) same.evidence.push(...cite(turn, sentence));
      else kept.set(key, question);
    }
  }
  return [...kept.values()];
}
