/**
 * How English speakers promise, ask and accept. Case does not matter; `'` stands for either apostrophe, so words pass
 * `straight()` first.
 */

/** The same length as before, so that places stay right. */
export const straight = (words: string): string => words.replace(/[\u2018\u2019]/g, "'");

/** The speaker takes something on: "I will …", "let me take that", "leave it with me". */
export const COMMITMENT =
  /\b(?:i will|i'll|i shall|i(?:'m| am) (?:going to (?!the\b|a\b|an\b|my\b|our\b)|gonna)|i'?m on it|i can (?=(?:do|take|handle|own|send|write|prepare|fix|check|look|ask|call|book|share|update|organi[sz]e|arrange|draft|set|get|make|find|talk|review|test|finish|deliver|create|put|follow|schedule|contact|e-?mail)\b)|i promise to|let me (?=(?:take|do|handle|own) )|leave (?:it|that|this) (?:with|to) me|count on me|consider it done)/gi;

const HEDGES =
  'maybe|perhaps|probably|possibly|might|try|hopefully|hope|guess|eventually|ever|hardly|never|not|no longer|rather not|only if';
/** Right behind the promise: "I will not", "I'll probably". */
export const TAKEN_BACK = new RegExp(`^\\s*(?:\\w+ )?(?:${HEDGES})\\b`, 'i');

/** Ahead of a promise in its sentence: somebody else's words, doubt, a condition, a question. */
export const NOT_OWN_WORD =
  /\b(?:not|never|no|nobody|none|doubt|unless|if|whether|when|would|could|should|might|said|says|say|saying|told|tells?|claim\w*|thinks?|thought|wrote|ask\w*|promised|heard|assum\w*|suppos\w*|pretend\w*|imagine|wish|hope|like|maybe|perhaps|probably|possibly|who|what|how|why|where|until|once)\b|n't\b/i;

/** Behind a promise: "I will, if somebody helps me". "I'll check if it works" is none. */
export const CONDITION =
  /(?<!\b(?:check|see|find out|ask|verify|test|know|tell|confirm|look|figure out)\b[^,.]*)\b(?:if|whether)\b|\b(?:unless|provided|assuming|as long as|only when|in case)\b/i;

/** Later in the same breath: "no, wait, I can't". */
export const RETRACTION =
  /\b(?:no,? wait|actually,? (?:no|not|i can't)|not me|somebody else|someone else|forget it|scratch that|just kidding|i take (?:it|that) back|on second thoughts?|i (?:can't|cannot|won't)(?: do (?:it|that|this)| after all| make it|[,.!]|$))/i;

/** A wish addressed to somebody: "can you …", "Ben, please …". */
export const REQUEST =
  /\b(?:can|could|will|would) you\b|\bplease\b|\bi(?:'d| would)? (?:like|want|need) you to\b|\byou (?:should|need to|have to|must|will)\b|\byou'll\b|\bwould you mind\b|\bare you able to\b/i;

/** The first words of somebody who says yes. */
export const ACCEPTANCE =
  /^(?:(?:um+|uh+|oh|well|and|so)[,.]? +)*(?:yes|yeah|yep|yup|sure|of course|okay|ok|alright|all right|absolutely|certainly|definitely|will do|no problem|happy to|gladly|with pleasure|you got it|consider it done)\b/i;

/** In the words of acceptance: anything that makes it less than a plain yes. */
export const RESERVATION =
  /\b(?:but|not|never|no(?! problem\b| worries\b)|however|unless|if|someone else|somebody else|maybe|perhaps|probably|depends|would|could|might|should|try|later|yeah,? right|(?:he|she|they|you|we|someone|somebody) (?:will|can|could|should|would)|(?:he|she|they|you|we)'(?:ll|d))\b|n't\b|\?/i;
