/** Speech engines in silence and noise may say one phrase again and again. People say a short one three times at most. */
const SAME_IN_A_ROW = 3;
const REPEATED_PHRASE_TIMES = 5;
const LONGEST_PHRASE_WORDS = 8;

/** Told each segment's text in order, says which are speech and which are an engine caught in a loop. */
export class LoopGuard {
  private last = '';
  private times = 0;

  accepts(text: string): boolean {
    const words = plainWords(text);
    const plain = words.join(' ');
    this.times = plain === this.last ? this.times + 1 : 1;
    this.last = plain;
    return words.length > 0 && this.times <= SAME_IN_A_ROW && !repeatsItself(words);
  }
}

function plainWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** True when nearly all of the words are one phrase said at least five times over. */
function repeatsItself(words: string[]): boolean {
  for (
    let length = 1;
    length <= Math.min(LONGEST_PHRASE_WORDS, words.length / REPEATED_PHRASE_TIMES);
    length++
  ) {
    const same = words.filter((word, i) => i >= length && word === words[i - length]).length;
    if (same >= (words.length - length) * 0.9) return true;
  }
  return false;
}
