import { sameMatter } from '../../../domain/same-matter';
import type { ExtractedDecision } from '../../../ports';
import type { Act } from './acts';
import { fluent } from './fluent';
import type { Reading } from './reading';
import { cite } from './turns';

const NOT_DECIDED =
  /\b(?:if|whether|once|when|until|before|unless|after|nobody|not|never|no|think|thought|maybe|perhaps|suppose|assum\w+|said|says|should|could|would|last (?:time|week|month|year)|what|why|how|where|who|or)\b|n't\b/i;
/** "Let's go for lunch", "let's go with that": no choice that a reader could understand. */
const CHOOSES_NOTHING =
  /^go (?:with|for) (?:(?:a|some|it|that|this|them|one|now|quick|short|the|then) ?)*(?:lunch|coffee|tea|dinner|drinks?|beer|break|walk)?$/i;
const MIN_WORDS = 3;
const MAX_LENGTH = 200;

function saidAs({ phrase, sentence, start, end }: Act): string {
  const opening = sentence.text
    .slice(start - sentence.start, end - sentence.start - phrase.length)
    .toLowerCase();
  const rest = fluent(phrase);
  const chosen = /\b(?:go|stick) (?:with|for)\s*$/.exec(opening);
  if (chosen) return `${chosen[0].trim()} ${rest}`;
  if (/\bnot to\s*$/.test(opening)) return `do not ${rest}`;
  return /\bagainst\s*$/.test(opening) ? `not ${rest}` : rest;
}

function readable(words: string): string {
  const plain = words
    .replace(/^[\s,.:;]+|[\s,.;:!?]+$/g, '')
    .replace(/^(?:that|to)\s+/i, '')
    .slice(0, MAX_LENGTH);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function decided(act: Act): boolean {
  const before = act.sentence.text.slice(0, act.start - act.sentence.start).replace(/^.*\bbut\b/i, '');
  return act.kind === 'decision' && !act.sentence.text.endsWith('?') && !NOT_DECIDED.test(before);
}

/** What the meeting says it has decided; said twice it is one decision. */
export function decisionsIn(reading: Reading): ExtractedDecision[] {
  const kept: ExtractedDecision[] = [];
  for (const turn of reading.turns) {
    for (const act of turn.sentences.flatMap((sentence) => reading.actsOf(sentence)).filter(decided)) {
      const text = readable(saidAs(act));
      if (text.split(' ').length < MIN_WORDS || CHOOSES_NOTHING.test(text)) continue;
      const evidence = cite(turn, act);
      const same = kept.find((other) => sameMatter(other.text, [text]) && sameMatter(text, [other.text]));
      if (same) same.evidence.push(...evidence);
      else kept.push({ text, evidence });
    }
  }
  return kept;
}
