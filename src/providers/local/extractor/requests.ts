import { sameMatter } from '../../../domain/same-matter';
import { ACCEPTANCE, RESERVATION } from '../../../domain/speech/acts';
import type { Citation, ExtractedTask } from '../../../ports';
import type { Act } from './acts';
import { findDeadlineWords, resolveDeadline } from '../../../domain/deadline';
import { asTask, saysWhat, type Phrase } from './phrase';
import type { Reading } from './reading';
import { stands } from './standing';
import { cite, type Turn } from './turns';
import { kindOfPhrase } from './verbs';

const REFUSAL =
  /^(?:(?:um+|uh+|oh|well|sorry)[,.]? +)*(?:no\b(?! problem| worries)|nope|not me|not really|i (?:can't|cannot|won't|don't)|i'm afraid|unfortunately|sorry)/i;
const FIRM =
  /\b(?:sure|of course|will do|no problem|certainly|absolutely|definitely|happy to|gladly|i will|i can|i'll)\b/i;
/** Somebody called by name may answer after others have put in a word. */
const TURNS_TO_ANSWER = 3;

interface Asked extends Phrase {
  act: Act;
  turn: Turn;
  /** As shown; null = whoever speaks next. */
  addressee: string | null;
}

function asked(act: Act, turn: Turn, reading: Reading): Asked {
  const trailing = new RegExp(`,? (${reading.people.pattern})[?.! ]*$`, 'iu').exec(act.phrase);
  const behind = act.named === null && trailing ? trailing[1]! : null;
  const phrase = behind ? act.phrase.slice(0, trailing!.index) : act.phrase;
  const task = asTask(phrase, reading.clock, null);
  const me = reading.personal(turn.speaker);
  const name = me ? task.name.replace(/\bme\b/i, () => me) : task.name;
  const called = act.named ?? behind;
  return {
    ...task,
    name,
    act: { ...act, phrase },
    turn,
    addressee: called ? reading.people.shown(called) : null,
  };
}

function answerTo({ addressee, turn }: Asked, reading: Reading): Turn | undefined {
  const next = reading.turns.slice(turn.index + 1, turn.index + 1 + (addressee ? TURNS_TO_ANSWER : 1));
  return next.find(({ speaker }) => speaker !== turn.speaker && (!addressee || speaker === addressee));
}

const opening = (answer: Turn) => answer.sentences.slice(0, 2);

/** The promise in the answer that takes the request up: about the same matter, or "I'll do it". */
function takenUp(request: Asked, answer: Turn, reading: Reading): Act | undefined {
  const promises = answer.sentences.slice(0, 4).flatMap((sentence) => reading.actsOf(sentence));
  return promises.find((act) => {
    if (act.kind !== 'promise' || !stands(act)) return false;
    const { name } = asTask(act.phrase, reading.clock, null);
    return !saysWhat(name) || sameMatter(name, [request.name]) || sameMatter(request.name, [name]);
  });
}

function accepted(request: Asked, answer: Turn): boolean {
  const words = opening(answer)
    .map(({ text }) => text)
    .join(' ');
  if (!ACCEPTANCE.test(words) || RESERVATION.test(words)) return false;
  const meant =
    request.addressee !== null ||
    request.deadlineText !== null ||
    /\bplease\b/i.test(request.act.sentence.text);
  return meant || (kindOfPhrase(request.act.phrase) === 'work' && FIRM.test(words));
}

function quoted(answer: Turn, promise: Act | undefined): Citation[] {
  const first = answer.sentences[0]!;
  return cite(answer, promise ?? { start: first.start, end: opening(answer).at(-1)!.end });
}

const isUnclear = (request: Asked): boolean => {
  const kind = kindOfPhrase(request.act.phrase);
  return kind === 'talk' || !saysWhat(request.name) || !stands(request.act);
};

/** A request that nobody has taken up: kept when it calls somebody by name and is work, for a person to look at. */
function unanswered(request: Asked): ExtractedTask | null {
  if (request.addressee === null || kindOfPhrase(request.act.phrase) !== 'work') return null;
  const { name, deadlineText, addressee, act, turn } = request;
  return { name, ownerText: addressee, deadlineText, category: null, evidence: cite(turn, act) };
}

const EVERYBODY = /\b(?:everybody|everyone|all of you|you all|guys|folks|all)[, ]*$/i;

function toEverybody({ act, addressee }: Asked): boolean {
  return addressee === null && EVERYBODY.test(act.sentence.text.slice(0, act.start - act.sentence.start));
}

/** What everybody is asked for is nobody's; with a day it is worth a look. */
function forEverybody({ name, deadlineText, act, turn }: Asked, { clock }: Reading): ExtractedTask | null {
  if (deadlineText === null || resolveDeadline(deadlineText, clock) === null) return null;
  return { name, ownerText: null, deadlineText, category: null, evidence: cite(turn, act) };
}

/** The longer of two names says more: "Book a room for the review", not "Book the room". */
function bestName(request: Asked, promise: Act | undefined, reading: Reading): string {
  const own = promise
    ? asTask(promise.phrase, reading.clock, reading.personal(request.turn.speaker)).name
    : '';
  return saysWhat(own) && own.length > request.name.length ? own : request.name;
}

/**
 * "Ben, can you …?" with what Ben answers makes one task: his when he takes it up, for review when he says nothing, none
 * when he refuses. The promise that takes it up is marked as `answered`. Of two deadlines his own counts.
 */
export function requestedTask(
  act: Act,
  turn: Turn,
  reading: Reading,
  answered: Set<Act>,
): ExtractedTask | null {
  const request = asked(act, turn, reading);
  if (isUnclear(request)) return null;
  if (toEverybody(request)) return forEverybody(request, reading);
  const answer = answerTo(request, reading);
  if (!answer) return unanswered(request);
  const promise = takenUp(request, answer, reading);
  if (!promise && REFUSAL.test(answer.text)) return null;
  if (!promise && !accepted(request, answer)) return unanswered(request);
  if (promise) answered.add(promise);
  const own = promise
    ? findDeadlineWords(promise.phrase, reading.clock)
    : findDeadlineWords(
        opening(answer)
          .map(({ text }) => text)
          .join(' '),
        reading.clock,
      );
  return {
    name: bestName(request, promise, reading),
    ownerText: answer.speaker,
    deadlineText: own ?? request.deadlineText,
    category: null,
    evidence: [...cite(turn, act), ...quoted(answer, promise)],
  };
}
