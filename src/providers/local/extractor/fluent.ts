const HESITATION = /\b(?:u+m+|u+h+|er+m?|you know|i mean|sort of|kind of)\b,?/gi;

/** Speech without what the speaker did not mean to say: hesitation, words and groups of words begun again. */
export function fluent(words: string): string {
  return words
    .replace(HESITATION, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\b(\w+(?:[' ]\w+){0,3})(?:[ ,]+\1\b)+/gi, '$1')
    .replace(/\b(\w{1,4}) (?=\1\w)/gi, '')
    .replace(/\s+([,.])/g, '$1')
    .trim();
}
