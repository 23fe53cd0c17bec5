import type { MeetingClock } from '../../../domain/meeting';
import { findDeadlineWords } from '../../../domain/deadline';
import { fluent } from './fluent';
import { withoutAdverbs } from './verbs';

/** A verb phrase made readable as a task, and the words in it that say when. */
export interface Phrase {
  name: string;
  deadlineText: string | null;
}

const MAX_NAME_LENGTH = 140;
/** Speech without a full stop can go on for an hour; what a promise is about stands near its beginning. */
export const LONGEST_PHRASE = 400;
const FILLERS = /\b(?:okay|ok|please|as well|then)\b,?/gi;
/** Behind these the reason or the next thought begins. */
const CUT =
  /,? \b(?:because|since|otherwise|if that's|if you|so (?:that )?(?:i|we|you|y|it|they|he|she)|but)\b.*$|[;:–—] .*$|,? (?:right|okay|yeah|all right)\??$/i;
const EDGES = /^[\s,.;:!?–—-]+|[\s,.;:!?–—-]+$/g;
const DANGLING =
  /[\s,]+(?:and|or|but|so|then|by|on|at|to|for|with|of|the|a|in|that|before|until|too|also|again)$/i;

function withoutDeadline(phrase: string, words: string | null): string {
  if (words === null) return phrase;
  const at = phrase.lastIndexOf(words);
  return `${phrase.slice(0, at)} ${phrase.slice(at + words.length)}`;
}

function tidied(phrase: string): string {
  let tidy = withoutAdverbs(fluent(phrase.replace(FILLERS, ' '))).replace(CUT, '');
  for (let before = ''; before !== tidy;) {
    before = tidy;
    tidy = tidy.replace(EDGES, '').replace(DANGLING, '');
  }
  return tidy;
}

function shortened(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  return `${name.slice(0, MAX_NAME_LENGTH).replace(/[\s,]+\S*$/, '')} …`;
}

/** "send you a report on Monday" → "Send Anna a report"; `you` is who is spoken to, when that is known. */
export function asTask(said: string, clock: MeetingClock, you: string | null): Phrase {
  const phrase = said.slice(0, LONGEST_PHRASE);
  const deadlineText = findDeadlineWords(phrase, clock);
  const bare = tidied(withoutDeadline(phrase, deadlineText));
  const addressed = you ? bare.replace(/\byou\b/i, () => you) : bare;
  return { name: shortened(addressed.charAt(0).toUpperCase() + addressed.slice(1)), deadlineText };
}

const EMPTY_WORDS =
  /^(?:it|that|this|them|these|those|something|anything|everything|stuff|things?|you|me|us|him|her|so|do|the|a|an|some|of|for|to|with|and|on|in|at|one|take|care|handle|out|up|there|here|into|find|look|get|back|done)$/i;

/** Whether the phrase says by itself what is to be done: "do that" does not. */
export function saysWhat(name: string): boolean {
  const words = name.match(/[\p{L}\p{N}'-]+/gu) ?? [];
  return words.slice(1).some((word) => !EMPTY_WORDS.test(word));
}
