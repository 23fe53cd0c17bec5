import { RETRACTION } from '../../../domain/speech/acts';
import { sameMatter } from '../../../domain/same-matter';
import { resolveDeadline } from '../../../domain/deadline';
import type { ExtractedTask } from '../../../ports';
import type { Act } from './acts';
import type { Reading } from './reading';
import { asTask, LONGEST_PHRASE, saysWhat, type Phrase } from './phrase';
import { requestedTask } from './requests';
import { cite, type Turn } from './turns';
import { stands } from './standing';
import { kindOfPhrase } from './verbs';

/** The phrase as a task; for the first act of a sentence the deadline may stand before it ("By Friday I will …"). */
function phraseOf(act: Act, reading: Reading, you: string | null): Phrase & { start: number } {
  const task = asTask(act.phrase, reading.clock, you);
  if (task.deadlineText !== null) return { ...task, start: act.start };
  const lead = act.sentence.text.slice(0, act.start - act.sentence.start);
  const first = reading.actsOf(act.sentence)[0]?.start === act.start;
  const { deadlineText } = first ? asTask(lead.slice(-LONGEST_PHRASE), reading.clock, null) : task;
  return { ...task, deadlineText, start: deadlineText === null ? act.start : act.sentence.start };
}

const NEED =
  /\b(?:(?:someone|somebody|anyone|anybody|one of us|we|who)(?: really| still| also)? (?:should|needs? to|ha(?:s|ve) to|must|ought to|can|could|will|wants to|is going to)|(?:can|could|would|will) (?:someone|somebody|anyone|anybody|one of (?:us|you))(?: please| maybe)?) (.+?)[?.!]*$/i;

/** "Somebody should update the help pages." – "I can do that." */
function neededBefore(turn: Turn | undefined, reading: Reading): ExtractedTask | null {
  const sentence = turn?.sentences.at(-1);
  const phrase = sentence && NEED.exec(sentence.text)?.[1];
  if (!turn || !phrase || kindOfPhrase(phrase) === 'talk') return null;
  const { name, deadlineText } = asTask(phrase, reading.clock, null);
  if (!saysWhat(name)) return null;
  return { name, ownerText: null, deadlineText, category: null, evidence: cite(turn, sentence) };
}

/** How far behind a promise "no, wait" still takes it back, in characters. */
const SAME_BREATH = 300;

const clear = (words: string | null, reading: Reading): boolean =>
  words !== null && resolveDeadline(words, reading.clock) !== null;

/** "I'll do that", "I'll book it"; not "I'll see". */
const takesUp = (phrase: string): boolean =>
  kindOfPhrase(phrase.replace(/^[\s.,!]+/, '') || 'do it') !== 'talk';

/** A task that its speaker takes on unasked, or null when the words are no work or do not say what. */
function promisedTask(act: Act, turn: Turn, reading: Reading): ExtractedTask | null {
  const before = reading.turns[turn.index - 1];
  if (!stands(act) || RETRACTION.test(turn.text.slice(act.end, act.end + SAME_BREATH))) return null;
  const { name, deadlineText, start } = phraseOf(act, reading, reading.personal(before?.speaker));
  const evidence = cite(turn, { start, end: act.end });
  if (!saysWhat(name)) {
    const needed = act.start < 40 ? neededBefore(before, reading) : null;
    if (!needed || !takesUp(act.phrase)) return null;
    return {
      ...needed,
      ownerText: turn.speaker,
      deadlineText: deadlineText ?? needed.deadlineText,
      evidence: [...needed.evidence, ...evidence],
    };
  }
  const kind = kindOfPhrase(act.phrase);
  if (kind === 'talk' || (kind === 'unknown' && !clear(deadlineText, reading))) return null;
  return { name, ownerText: turn.speaker, deadlineText, category: null, evidence };
}

/** "We will send the invoices by Friday": a task that nobody owns yet; without a day it is talk. */
function teamsTask(act: Act, turn: Turn, reading: Reading): ExtractedTask | null {
  const { name, deadlineText, start } = phraseOf(act, reading, null);
  if (!stands(act) || kindOfPhrase(act.phrase) !== 'work' || !saysWhat(name)) return null;
  if (!clear(deadlineText, reading)) return null;
  return {
    name,
    ownerText: null,
    deadlineText,
    category: null,
    evidence: cite(turn, { start, end: act.end }),
  };
}

const GERUND = /^(\w+?)(?:(?:tt|nn|pp)(?=ing)|)ing\b/i;

function imperative(phrase: string): string {
  const stem = GERUND.exec(phrase)?.[1];
  if (!stem) return phrase;
  const rest = phrase.replace(/^\w+/, '');
  return kindOfPhrase(`${stem}${rest}`) === 'work' ? `${stem}${rest}` : `${stem}e${rest}`;
}

/** "Ben will write the tests", said by another: Ben's, once he agrees. */
function assignedTask(act: Act, turn: Turn, reading: Reading): ExtractedTask | null {
  const task = { ...act, phrase: imperative(act.phrase) };
  const owner = reading.people.shown(act.named!);
  const { name, deadlineText, start } = phraseOf(task, reading, null);
  if (!owner || !stands(task) || kindOfPhrase(task.phrase) !== 'work' || !saysWhat(name)) return null;
  return {
    name,
    ownerText: owner,
    deadlineText,
    category: null,
    evidence: cite(turn, { start, end: act.end }),
  };
}

function taskOf(act: Act, turn: Turn, reading: Reading, answered: Set<Act>): ExtractedTask | null {
  if (answered.has(act)) return null;
  if (act.kind === 'promise') return promisedTask(act, turn, reading);
  if (act.kind === 'request') return requestedTask(act, turn, reading, answered);
  if (act.kind === 'assignment') return assignedTask(act, turn, reading);
  return act.kind === 'we-will' ? teamsTask(act, turn, reading) : null;
}

/** Nobody reads on after so many quotes for one task. */
const ENOUGH_EVIDENCE = 6;

/** Said again later ("so I will fix the tests"), it is the same task; the last deadline that was said counts. */
function merged(tasks: readonly ExtractedTask[]): ExtractedTask[] {
  const kept: ExtractedTask[] = [];
  for (const task of tasks) {
    const same = kept.find(
      ({ name, ownerText }) =>
        ownerText === task.ownerText && sameMatter(name, [task.name]) && sameMatter(task.name, [name]),
    );
    if (!same) kept.push(task);
    else {
      same.deadlineText = task.deadlineText ?? same.deadlineText;
      if (same.evidence.length < ENOUGH_EVIDENCE) same.evidence.push(...task.evidence);
    }
  }
  return kept;
}

/** Everything that somebody takes on, is asked for or is given, in the order of the meeting. */
export function tasksIn(reading: Reading): ExtractedTask[] {
  const answered = new Set<Act>();
  const found = reading.turns.flatMap((turn) =>
    turn.sentences.flatMap((sentence) =>
      reading.actsOf(sentence).flatMap((act) => taskOf(act, turn, reading, answered) ?? []),
    ),
  );
  return merged(found);
}
