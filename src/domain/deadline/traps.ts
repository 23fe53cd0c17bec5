/** Words after which a day is no deadline: habits, the past, the open end, an approximate or another day. */
const BEFORE =
  /\b(?:last|past|since|every|each|previous|after|from|until|till|through|than|of|around|about|roughly|circa|between|starting|not|except|per|another|and|or|versus|vs|to|our|my|your|his|her|their)\s+(?:the\s+|this\s+|next\s+)?$/i;
/** A noun that has its own day: "the slides for the meeting on Monday". */
const EVENT_BEFORE =
  /\b(?:meeting|call|review|demo|launch|release|workshop|presentation|session|stand-?up|retro(?:spective)?|sync|appointment|party|lunch|dinner|sprint|deadline|build|flight|event|conference|interview|webinar|training|game)\s*,?\s*$/i;
/**
 * What may follow a deadline. After anything else the day belongs to a thing ("the Friday build", "on the second
 * point", "in five minutes of silence").
 */
const AFTER =
  /^(?:\s*$|\s*[.,;:!?)"”…–]|\s+-|\s*—|\s+(?:and|but|so|if|because|then|please|with|to|at|in|on|for|by|before|after|when|while|once|as|that|which|since|from|until|okay|ok|right|yes|yeah|sure|great|thanks|thank|latest|maybe|ideally|hopefully|if|i|we|you|he|she|they|it|is|too|also|instead|please|again|via|about|can|could|will|would|let's|let|no|not|otherwise|unless|sharp|anyway|though|well|um|uh|you|everyone|everybody|myself|ourselves)\b)/i;
const POSSESSIVE = /^['’]s?\b/;
const WEAK_LEAD = /^(?:on|at|for|this|next|tomorrow|today|tonight|in|the)\b|^\w+day\b/i;

/** A bare "the tenth", "a week from Monday" or a number is a deadline only behind a word such as "by" or "on". */
const NEEDS_LEAD =
  /^(?:the|\d{1,2}(?:st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten)(?:\s+\S+)?$/i;
/** Abbreviated weekdays are words of their own too ("sun", "sat", "wed"). */
const ABBREVIATED = /^(?:(?:by|on|for|this|next)\s+)?(?:sun|sat|wed|mon)\.?$/i;
/** "Let me show it in five minutes" tells how long, "let's start" that it is now. */
const DURATION = /^(?:in|within)\s.*\b(?:minutes?|hours?)$/i;
const NOW = /\b(?:show|explain|present|start|stop|finish|break|back|resume|introduce|wrap|over)\b/i;
/** Days of the meeting itself: "we're here today to discuss". */
const HERE_TODAY =
  /\b(?:here|joining|meeting|meet|present|attending|discuss(?:ing)?|talk(?:ing)?(?: about)?|us|agenda(?: for)?|see you|talk to you|welcome)\s*,?\s*$/i;
const TODAY = /^(?:for )?(?:today|tonight|this (?:morning|afternoon|evening))$|^soon$|^later/i;

/** Whether the words from `start` to `end` look like a deadline but belong to something else. */
export function isTrap(sentence: string, start: number, end: number): boolean {
  const words = sentence.slice(start, end);
  const before = sentence.slice(0, start);
  const after = sentence.slice(end);
  if (POSSESSIVE.test(after) || !AFTER.test(after) || BEFORE.test(before)) return true;
  if (WEAK_LEAD.test(words) && EVENT_BEFORE.test(before)) return true;
  if (NEEDS_LEAD.test(words) || ABBREVIATED.test(words)) return true;
  if (/^(?:the )?(?:1st|first|second|2nd|third|3rd)$/i.test(words.replace(/^(?:on|in) /i, ''))) return true;
  if (TODAY.test(words) && HERE_TODAY.test(before)) return true;
  return DURATION.test(words) && NOW.test(before);
}

const IRREGULAR =
  'was|were|did|had|sent|met|got|went|came|said|told|made|took|ran|saw|wrote|found|gave|heard|spoke|held|began|left|lost|built|broke|bought|brought|knew|thought';
const AHEAD =
  "\\b(?:will|shall|can|could|should|must|need|needs|have to|has to|gonna|going to|let's|please|would|want|wants|promise|expect|aim|plan)\\b|'ll\\b|\u2019ll\\b";

/** A sentence about what has happened, with nothing ahead in it. */
export const PAST = new RegExp(
  `^(?!.*(?:${AHEAD})).*(?:\\b(?:i|we|you|he|she|they|it|that|this|there|who|which|team|everyone|nobody)\\s+(?:just |already |also |only |finally )?(?:${IRREGULAR}|shipped|\\w{3,}ed)\\b|^\\s*\\w+ (?:${IRREGULAR})\\b)`,
  'i',
);
