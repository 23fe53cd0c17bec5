import {
  ACCEPTANCE,
  COMMITMENT,
  CONDITION,
  NOT_OWN_WORD,
  REQUEST,
  RESERVATION,
  RETRACTION,
  straight,
  TAKEN_BACK,
} from './speech/acts';
import { clausesOf } from './speech/clauses';
import { sentencesOf, type Sentence } from './speech/sentences';

/** Words that an item cites, with what is needed to judge them. */
export interface CitedWords {
  /** Counts the turns of the meeting: consecutive segments of one speaker share a number. */
  turn: number;
  byOwner: boolean;
  /** Literally in `text`. */
  quote: string;
  /** The whole segment. */
  text: string;
}

/** What people in the meeting are called: tells to whom a request was addressed. */
export interface Called {
  owner: string[];
  others: string[];
}

interface Place {
  start: number;
  end: number;
}

function placeOf({ quote, text }: CitedWords): Place | null {
  const start = text.indexOf(quote);
  return quote === '' || start < 0 ? null : { start, end: start + quote.length };
}

const PUT_TO_OTHERS =
  /^(?:(?:and|so|now|then|okay|also) )*(?:[\p{L}'.-]+(?: [\p{L}'.-]+)?,? )?(?:can|could|will|would) you\b|^(?:(?:and|so|now|then|okay|also) )*(?:should|shall|do) we\b/iu;
const ASKS_ANYWHERE =
  /\b(?:do|does|did|can|could|will|would|should|shall|is|are|am|was|were|has|have) (?:you|we|they|he|she|it|this|that|i|the|my|our)\b/i;

/** Without the question that an engine has joined to it by a comma: "I will fix it by Friday, Anna, can you test it?" */
function beforeQuestion(sentence: Sentence): Sentence {
  const last = clausesOf(sentence).at(-1)!;
  const text = sentence.text.slice(0, last.start - sentence.start).trimEnd();
  const joined = sentence.text.endsWith('?') && PUT_TO_OTHERS.test(last.text) && !ASKS_ANYWHERE.test(text);
  return joined ? { text, start: sentence.start, end: sentence.start + text.length } : sentence;
}

/** What makes or breaks a promise stands near it, and speech without a full stop can go on for an hour. */
const REACH = 2000;

/** A plain promise in the sentence that begins within the cited words. */
function promises(sentence: Sentence, cited: Place): boolean {
  if (sentence.text.endsWith('?')) return false;
  return [...sentence.text.matchAll(COMMITMENT)].some((promise) => {
    const at = sentence.start + promise.index;
    if (at < cited.start || at >= cited.end) return false;
    const before = sentence.text
      .slice(Math.max(0, promise.index - REACH), promise.index)
      .replace(/\bno (?:problem|worries)\b/gi, '');
    const end = promise.index + promise[0].length;
    const after = sentence.text.slice(end, end + REACH);
    const ownClause = before.replace(/^.*\bbut\b/i, '');
    return !NOT_OWN_WORD.test(ownClause) && !TAKEN_BACK.test(after) && !CONDITION.test(after);
  });
}

function commits(words: CitedWords): boolean {
  const cited = placeOf(words);
  if (!words.byOwner || !cited) return false;
  const text = straight(words.text);
  return (
    !RETRACTION.test(text.slice(cited.start)) &&
    sentencesOf(text)
      .map(beforeQuestion)
      .some((sentence) => promises(sentence, cited))
  );
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Accents and invisible characters do not tell names apart: an engine writes "Zoe" for Zoë. */
const unaccented = (words: string): string =>
  straight(words)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '');

/** A name as whole words. `\b` would do for ASCII letters only: to it, "Zoë" has no end. */
const wholeName = (name: string): string =>
  `(?<![\\p{L}\\p{N}])${escaped(unaccented(name))}(?![\\p{L}\\p{N}])`;

/** "Ben, can you …", "can you do it, Ben?", "please, Ben". */
function addresses(words: string, names: string[]): boolean {
  const plain = unaccented(words);
  return names.some((name) =>
    new RegExp(
      `(?:^|[,.!?]\\s*|\\band )${wholeName(name)}\\s*(?:[,.:!?]|$|can|could|will|would|please|you)`,
      'iu',
    ).test(plain),
  );
}

/** A request is the last thing asked in its segment, and not put to somebody else. */
function asksOwner(words: CitedWords, called: Called): boolean {
  const cited = placeOf(words);
  if (words.byOwner || !cited) return false;
  const quote = straight(words.quote);
  const rest = words.text.slice(cited.end).replace(/^[^?]*?\?/, (tail) => (tail.length <= 1 ? '' : tail));
  if (!REQUEST.test(quote) || rest.includes('?') || addresses(rest, called.others)) return false;
  const whole = sentencesOf(words.text).filter(({ start, end }) => start < cited.end && end > cited.start);
  const asked = whole.map(({ text }) => text).join(' ');
  return addresses(asked, called.owner) || !addresses(asked, called.others);
}

/** A plain yes at the very beginning of what the owner says. */
function accepts(words: CitedWords, called: Called): boolean {
  const cited = placeOf(words);
  if (!words.byOwner || !cited || words.text.slice(0, cited.start).trim() !== '') return false;
  const text = straight(words.text);
  const opening = sentencesOf(text)
    .slice(0, 2)
    .map((sentence) => sentence.text)
    .join(' ');
  const named = unaccented(opening);
  const aboutOthers = called.others.some((name) => new RegExp(wholeName(name), 'iu').test(named));
  return ACCEPTANCE.test(text) && !RESERVATION.test(opening) && !RETRACTION.test(text) && !aboutOthers;
}

/**
 * Whether the owner says or accepts it in the cited words: a promise in the first person ("I will", "leave it with
 * me"), or a plain yes in the turn right after a cited request that was not put to somebody else. Questions,
 * conditions, hedges ("I could maybe"), negations, somebody's reported words and refusals are none. This decides
 * whether a mail leaves by itself, so in doubt it says false.
 */
export function ownerAgreed(cited: readonly CitedWords[], called: Called): boolean {
  if (cited.some(commits)) return true;
  return cited.some(
    (answer) =>
      accepts(answer, called) &&
      cited.some((request) => request.turn === answer.turn - 1 && asksOwner(request, called)),
  );
}
