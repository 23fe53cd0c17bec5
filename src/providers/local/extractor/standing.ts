import { CONDITION, NOT_OWN_WORD } from '../../../domain/speech/acts';
import type { Act } from './acts';

const HEDGED =
  /^\s*(?:not|never|no longer|rather|probably|maybe|perhaps|possibly|hopefully|surely|hardly|ever|only if)\b/i;

/** Ahead of a request, "could" and "would" are manners. */
const REPORTED = /\b(?:said|says|told|tells?|asked|asks|if|whether|when|why|how)\b|n't\b/i;

/** Whether the words around an act leave it standing: nobody else's words, no doubt, no condition, no question. */
export function stands(act: Act): boolean {
  const before = act.sentence.text.slice(0, act.start - act.sentence.start).replace(/^.*\bbut\b/i, '');
  const asked = act.sentence.text.endsWith('?') && act.kind !== 'request';
  return (
    !asked &&
    !(act.kind === 'request' ? REPORTED : NOT_OWN_WORD).test(before) &&
    !HEDGED.test(act.phrase) &&
    !CONDITION.test(act.phrase)
  );
}
