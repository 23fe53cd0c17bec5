/** Verbs that are work whoever says them. */
const WORK = new RegExp(
  `^(?:${[
    'add|analy[sz]e|answer the|apply|arrange|ask|assemble|assign|book|bring|build|buy|calculate|call|cancel|change|chase|check|circulate|clarify|clean|close|collect|compare|compile|complete|confirm|contact|convert|coordinate|copy|correct|create',
    'debug|delete|deliver|deploy|design|develop|distribute|document|do (?:the|a|an|some)|double.check|download|draft|draw up|edit|e-?mail|escalate|estimate|evaluate|extend|file|fill|finali[sz]e|find|finish|fix|follow up|forward|gather|get (?:the|a|an|some|in touch|hold|quotes)|handle',
    'hire|implement|inform|install|interview|investigate|invite|invoice|list|look (?:into|at|up|after)|make (?:a|an|sure|the)|measure|meet with|merge|message|migrate|monitor|negotiate|notify|open|order|organi[sz]e|outline|pay|phone|pick up|ping|plan|poll|post|prepare|print|produce|propose|provide|publish|pull together|push|put (?:together|up)|reach out',
    'record|recruit|redesign|refactor|register|release|remove|rename|renew|repair|replace|reply|report|request|research|reserve|resolve|return|review|revise|rewrite|ring|roll back|run|schedule|scan|search|sell|send|set up|share|ship|sign|sort out|speak (?:to|with)|submit|summari[sz]e|survey|take care',
    'talk (?:to|with)|test|text|track down|train|transfer|translate|try out|update|upgrade|upload|verify|visit|work (?:on|out)|write',
  ].join('|')})\\b`,
  'i',
);

/** What people do while they meet, say of themselves or say for politeness: never work. */
const TALK =
  /^(?:say|be|see|tell|think|know|guess|admit|agree|believe|hope|love|like|hate|want|need|have|feel|hear|wait|wonder|miss|forget|remember|assume|suppose|bet|just|go (?:first|on|ahead|over|back|through|to)|start|begin|stop|pause|move (?:on|to)|continue|proceed|let|come|show|explain|present|introduce|hand|pass|turn|read|note|repeat|mention|point|remind|focus|respond|conclude|keep|give (?:the floor|it|you|a (?:brief|short|quick)|an? example)|get (?:back|started|going|to)|take (?:that|it|this|the) (?:as|on notice)|take (?:a (?:break|seat|moment)|notes|questions|over)|never|always|try|share (?:my|the|this) screen|mute|unmute|speak(?! (?:to|with))|speak to (?:the|this|that) (?:motion|bill|point|amendment|slide|question|topic)|talk(?! (?:to|with))|discuss|describe|finish (?:this|the) (?:slide|sentence|point|thought)|finish (?:here|with|by)|close (?:with|by|the meeting)|open (?:the meeting|with|by)|add (?:that|to that|one|a point)|ask (?:you|the question|a question|my|this question|again|the (?:hon|member|minister)|everyone|everybody|that)|answer|make (?:a (?:point|comment|remark)|an example|it (?:short|quick|brief)|this (?:short|quick))|draw(?! up)|vote|support|stand|work with|call (?:on|upon|it|the (?:meeting|vote|question|next|member|house))|check (?:in on|my watch|we|if we|whether we|that we|i|how much time|the time)|mind|recogni[sz]e|leave|hang|put (?:it|this) (?:this|that) way|yield|run (?:through|you)|summari[sz]e (?:quickly|briefly)|quote|cite|refer|return to|table|meet (?:you|at|again|in))\b/i;

/** "Have the report ready" is work, though "have" is not. */
const RESULT = /^(?:have|get) .*\b(?:ready|done|finished|fixed|sorted|prepared)\b/i;

/** Words between "I will" and the verb. */
const ADVERBS =
  /^(?:(?:also|then|just|now|definitely|certainly|surely|probably|personally|quickly|simply|still|gladly|happily|maybe|perhaps|actually|absolutely|obviously|um+|uh+|like|so|go ahead and|go and|make sure to|try to|try and|please|kindly|all|both|each|have to|need to|at least)[, ]+)+/i;

export const withoutAdverbs = (phrase: string): string => phrase.trim().replace(ADVERBS, '');

/** `work` = a known task; `talk` = never one; `unknown` = a task when something else speaks for it, such as a day. */
export function kindOfPhrase(phrase: string): 'work' | 'talk' | 'unknown' {
  const plain = withoutAdverbs(phrase);
  if (RESULT.test(plain)) return 'work';
  if (plain === '' || TALK.test(plain) || /\b(?:right now|for now)\b/i.test(plain)) return 'talk';
  return WORK.test(plain) ? 'work' : 'unknown';
}
