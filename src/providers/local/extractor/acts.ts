import { COMMITMENT } from '../../../domain/speech/acts';
import type { Sentence } from '../../../domain/speech/sentences';
import { LONGEST_PHRASE } from './phrase';
import type { People } from './people';

/** Somebody promises, asks, assigns or states a decision. Places count from the start of the turn. */
export interface Act {
  kind: 'promise' | 'request' | 'we-will' | 'assignment' | 'decision';
  /** Whom a request or an assignment names, as spoken. */
  named: string | null;
  /** What follows the opening words, up to the next act. */
  phrase: string;
  /** From the opening words to the end of the phrase. */
  start: number;
  end: number;
  sentence: Sentence;
}

type Opening = Pick<Act, 'kind' | 'named'> & { start: number; end: number };

const WE_WILL = /\b(?:we will|we'll|we(?:'re| are) going to|we(?:'re| are) gonna)\b/gi;

/** "We decided to …"; not "if we decided", "have we decided", "we have not decided". */
const DECISION =
  /\b(?:we(?:'ve| have)? (?:(?:also|now|all|just|finally|both|already|then) )*(?:decided|agreed|settled|resolved|concluded)(?: together| as a team)?,? (?:to|that|on|not to|against)|(?:the|our|final) decision (?:is|was) (?:to|that|:)?|(?:it is|it's|it was|it has been|it's been) (?:decided|agreed) (?:to|that)|let'?s (?:all )?(?:go|stick) (?:with|for)|(?:so|okay|ok|then|fine|right),? (?:we'll|we will|we're going to) go (?:with|for)|decision:)(?![\w'])/gi;

function named(source: string, flags: string, people: People): RegExp {
  return new RegExp(source.replaceAll('NAME', `(${people.pattern})`), flags);
}

/** The openings depend on who is in the meeting; built once per meeting. */
export function openingsFor(people: People): (text: string) => Opening[] {
  const ask = "(?:can|could|would|will) you|(?:i need|i want|i would like|i'd like) you to";
  const manners = '(?:(?:please|maybe|also|just|perhaps|kindly|then) )*';
  const request = named(
    `(?:NAME[,:]? (?:(?:and|so|then|maybe|also) )*)?(?:(?:please,? )?(?:${ask}) ${manners}|please )|NAME[,:] please,? `,
    'giu',
    people,
  );
  const youWill = named(
    `NAME,? (?:so )?you(?:'ll| will|'re going to|'re gonna| are going to)(?: be)? `,
    'giu',
    people,
  );
  const heWill = named(`NAME (?:will|is going to|is gonna|'s going to) `, 'giu', people);
  return (text) => {
    const all = (kind: Opening['kind'], pattern: RegExp): Opening[] =>
      [...text.matchAll(pattern)].map((match) => ({
        kind,
        named: match[1] ?? match[2] ?? null,
        start: match.index,
        end: match.index + match[0].length,
      }));
    return [
      ...all('decision', DECISION),
      ...all('request', request),
      ...all('assignment', youWill),
      ...all('assignment', heWill),
      ...all('promise', COMMITMENT).map((opening) => ({ ...opening, named: null })),
      ...all('we-will', WE_WILL),
    ];
  };
}

/** Of openings that overlap the first and longest counts. */
function withoutOverlaps(openings: readonly Opening[]): Opening[] {
  const kept: Opening[] = [];
  for (const next of [...openings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (next.start >= (kept.at(-1)?.end ?? 0)) kept.push(next);
  }
  return kept;
}

const CONNECTORS = /(?:[\s,;]|\b(?:and|but|so|then|or|also|well|yes|yeah|okay)$)+$/i;

/** Without "and" and the like at its end, word by word: a pattern over the whole would look at every space again. */
function withoutConnectors(phrase: string): string {
  let rest = phrase.trimEnd();
  for (let before = ''; before !== rest;) {
    before = rest;
    const lastWord = rest.slice(-12);
    rest = rest.slice(0, rest.length - lastWord.length) + lastWord.replace(CONNECTORS, '');
  }
  return rest;
}

/** At most the longest phrase, cut between words. */
function upTo(text: string, start: number, end: number): string {
  if (end - start <= LONGEST_PHRASE) return text.slice(start, end);
  return text.slice(start, start + LONGEST_PHRASE).replace(/[^\s,;]*$/, '');
}

/** The acts of a sentence in their order. */
export function actsIn(sentence: Sentence, openingsOf: (text: string) => Opening[]): Act[] {
  const openings = withoutOverlaps(openingsOf(sentence.text));
  return openings.map(({ kind, named: who, start, end }, i) => {
    const next = openings[i + 1]?.start ?? sentence.text.length;
    const said = upTo(sentence.text, end, next);
    const phrase = i + 1 < openings.length ? withoutConnectors(said) : said.trimEnd();
    return {
      kind,
      named: who,
      phrase,
      start: sentence.start + start,
      end: sentence.start + end + phrase.length,
      sentence,
    };
  });
}
