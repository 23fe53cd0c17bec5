/** Speech engines in silence and noise may say one phrase again and again. People say a short one three times at most. */
const SAME_IN_A_ROW = 3;
const REPEATED_PHRASE_TIMES = 5;
const LONGEST_PHRASE_WORDS = 8;

/** Told the texts of one stretch of sound in order, takes out what an engine caught in a loop has added. */
export class LoopGuard {
  /** How many repeated phrases were taken out. */
  dropped = 0;
  private last = '';
  private times = 0;

  /** The text as it was when it repeats nothing; '' = nothing of it was said. */
  clean(text: string): string {
    const words = plainWords(text);
    if (words.length === 0) return '';
    const plain = words.join(' ');
    this.times = plain === this.last ? this.times + 1 : 1;
    this.last = plain;
    if (this.times > SAME_IN_A_ROW || repeatsItself(words)) {
      this.dropped++;
      return '';
    }
    return this.withoutLoops(text);
  }

  /** A phrase said five times over inside a longer text is kept once. */
  private withoutLoops(text: string): string {
    const written = text.split(/\s+/).filter(Boolean);
    const plain = written.map((word) => plainWords(word).join(' '));
    const kept: string[] = [];
    for (let at = 0; at < written.length;) {
      const { length, times } = loopAt(plain, at);
      kept.push(...written.slice(at, at + length));
      at += length * times;
      if (times > 1) this.dropped++;
    }
    return kept.length === written.length ? text : kept.join(' ');
  }
}

/** The phrase that is repeated from `at` on; one word, once, when none is. */
function loopAt(words: string[], at: number): { length: number; times: number } {
  for (let length = 1; length <= LONGEST_PHRASE_WORDS; length++) {
    let end = at + length;
    while (end < words.length && words[end] === words[end - length]) end++;
    const times = Math.floor((end - at) / length);
    if (times >= REPEATED_PHRASE_TIMES) return { length, times };
  }
  return { length: 1, times: 1 };
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
