import { sentencesOf } from '../speech/sentences';
import { isTrap, PAST } from './traps';

/** Words before a claimed deadline that belong to it, though the claim may have left them out. */
const LEADS = /(?:\b(?:by|on|before|for|no later than|within|in|due|the)\s+)+$/i;

/**
 * Whether words that stand literally in a text are a deadline there: not "Friday" of "Friday's build", nor of "we sent
 * it on Friday".
 */
export function standsAsDeadline(text: string, words: string): boolean {
  return sentencesOf(text).some((sentence) => {
    const at = sentence.text.indexOf(words);
    if (at < 0 || PAST.test(sentence.text)) return false;
    const lead = LEADS.exec(sentence.text.slice(0, at))?.[0] ?? '';
    return !isTrap(sentence.text, at - lead.length, at + words.length);
  });
}
