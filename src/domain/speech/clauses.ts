import type { Sentence } from './sentences';

const AUXILIARY = 'do|does|did|should|shall|can|could|will|would';
const SUBJECT =
  'we|they|you(?! (?:agree|think|mean|know|believe|see|imagine|remember|say|understand)\\b)|i|he|she|it|this|that|anyone|anybody|someone|somebody|everyone|everybody|the|our|your|their|any';
const ENOUGH_WORDS = "(?= [\\p{L}\\p{N}'-]+ [\\p{L}\\p{N}'-]+)";
/** "Should we …", "are there …": the verb stands ahead of its subject, and more follows than in "do we?". */
const INVERTED = `(?:(?:${AUXILIARY}) (?:${SUBJECT})|(?:is|are) (?:there|anyone|anybody|someone|somebody|we|they|you)|(?:have|has) (?:anyone|anybody|someone|somebody))\\b(?! all agree| agree)${ENOUGH_WORDS}`;
const WHO =
  "who(?:'s| is| are) going to\\b|who (?:will|can|could|should|would|wants to|has to|needs to|takes|does|signs|pays|owns)\\b";
const WHAT = `(?:what|when|where|why|how|which)(?: (?:much|many|long|often|soon|[\\p{L}]+))? (?:(?:${AUXILIARY}|is|are|has|have) (?:${SUBJECT}|there))\\b`;

/** How a question begins, whatever stands at its end. */
const QUESTION = `(?:${INVERTED}|${WHO}|${WHAT}|(?:what|how) about\\b)`;
const ASKS_FIRST = new RegExp(`^(?:${INVERTED}|${WHO}|${WHAT})`, 'iu');

/** Whether the words are a question by how they begin: engines often write a full stop or a comma behind it. */
export const beginsAsQuestion = (words: string): boolean => ASKS_FIRST.test(words);

const REQUEST = '(?:can|could|will|would) you(?! (?:believe|imagine))\\b';
const LINK = '(?:(?:and|so|now|then|okay|ok|well|also|right) )*';
const ASKED = new RegExp(
  `${LINK}(?:${QUESTION}|(?<name>\\p{L}[\\p{L}'.-]*(?: \\p{L}[\\p{L}'.-]*)?), (?:please\\b|${QUESTION})|(?!(?:or|but|nor|neither|than|as|if)\\b)\\p{L}[\\p{L}'.-]* ${REQUEST})`,
  'iuy',
);
const STATED = new RegExp(
  `${LINK}(?:we(?:'ve| have)? (?:(?:also|now|all|just|finally|both|already) )*(?:decided|agreed)\\b|(?:we|i)(?: still)? (?:do not|don't) know\\b|(?:nobody|no one) knows\\b|(?:that|this)(?:'s| is)(?: still)? (?:an )?(?:open|undecided|unresolved)\\b|let'?s (?:leave|keep|park|postpone|table) (?:that|this|it)\\b)`,
  'iuy',
);
/** "What about the price do we keep it?": engines leave the comma out where no pause is. */
const NO_COMMA = new RegExp(`\\b(?:what|how) about (?:[\\p{L}\\p{N}'-]+ ){1,6}?(?=${INVERTED})`, 'giu');

/** What begins so is not complete before its main clause. */
const SUBORDINATE =
  /^(?:(?:and|so|but|okay|ok|well|now|then|or),? )*(?:if|whether|when|once|unless|until|while|because|since|as|although|though|given|after|before|by|on|in|for|with|what if|suppose|assuming)\b/i;
/** "He said, can you …": what follows is quoted. */
const QUOTES =
  /\b(?:said|says|say|saying|asked|asks|ask|asking|told|tells|tell|wonder(?:ed|ing)?|like|goes|went|wrote)(?: \p{L}+)?$/iu;
const DOUBTS =
  /\b(?:if|whether|when|once|unless|until|said|says|say|told|tells?|asked|asks|thinks?|thought|wrote|heard|claims?|suppos\w*|assum\w*|maybe|perhaps|pretend\w*|imagine|wish|hope|or)\b/i;
const THANKS =
  /^(?:okay|ok|right|all right|alright|yes|yeah|no|sure|great|good|fine|well|thanks|thank you|exactly|true|good point|perfect)$/i;
/** A reason not to cut stands near an edge of a clause, and clauses without a full stop have no end. */
const REACH = 400;

const capitals = (name: string): boolean => name.split(' ').every((word) => /^\p{Lu}/u.test(word));

/** "Ben, can you", "Thank you Ben, can you", "…, Ben, can you": the name says to whom the question is put. */
function callsSomebody(head: string): boolean {
  if (THANKS.test(head)) return false;
  const words = head.split(/\s+/);
  const lastPart = head.slice(head.lastIndexOf(', ') + 1).trim();
  if (lastPart !== head && lastPart.split(' ').length <= 2 && capitals(lastPart)) return true;
  return words.length <= 2 || (words.length <= 4 && capitals(words.at(-1)!));
}

/** The pattern where it matches right at a place. */
function at(pattern: RegExp, text: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place;
  return pattern.exec(text);
}

/** Whether a clause of its own begins at `place`, behind a comma. `head` is the clause before. */
function begins(text: string, place: number, head: string): boolean {
  if (head === '' || SUBORDINATE.test(head) || QUOTES.test(head.slice(-60))) return false;
  const asked = at(ASKED, text, place);
  if (asked) {
    const name = asked.groups?.['name'];
    return !callsSomebody(head) && (!name || !name.includes(' ') || capitals(name));
  }
  return at(STATED, text, place) !== null && !DOUBTS.test(head);
}

function commas(text: string): number[] {
  const found: number[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/, /g)) {
    const head = text.slice(Math.max(from, index - REACH), index).trim();
    if (!begins(text, index + 2, head)) continue;
    from = index + 2;
    found.push(from);
  }
  return found;
}

/**
 * A sentence cut where, behind a comma, a question, a request or a statement of its own begins. Speech engines join what
 * people say in one breath: "We have decided to wait, Ben, can you call them, should we tell the press?" are three.
 * Subordinate clauses and quoted words ("he said, can you …") stay with theirs. No character is lost but white space.
 */
export function clausesOf(sentence: Sentence): Sentence[] {
  const { text } = sentence;
  const missing = [...text.matchAll(NO_COMMA)].map(({ index, 0: words }) => index + words.length);
  const cuts = [...new Set([0, ...commas(text), ...missing])].sort((a, b) => a - b);
  return cuts.map((from, i) => {
    const words = text.slice(from, cuts[i + 1] ?? text.length).trimEnd();
    return { text: words, start: sentence.start + from, end: sentence.start + from + words.length };
  });
}
