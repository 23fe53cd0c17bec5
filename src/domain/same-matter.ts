const SAYS_NOTHING = new Set(
  (
    'the and for with about from into that this these those will can could should would have has had get got make made ' +
    'our your their his her its you she they them him are was were been all any some who what when then than also ' +
    'please let take give need needs want going'
  ).split(' '),
);
/** Long enough to tell words apart, short enough for "test" and "tests", "decide" and "decision" to meet. */
const STEM_LENGTH = 5;

/** The beginnings of the words that tell something, each once, in the order in which they stand. */
export function stems(words: string): Set<string> {
  const all =
    words
      .toLowerCase()
      .normalize('NFKC')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = all.filter((word) => /\p{N}/u.test(word) || (word.length > 2 && !SAYS_NOTHING.has(word)));
  return new Set(telling.map((word) => word.slice(0, STEM_LENGTH)));
}

/**
 * Whether an item's name speaks of what the cited words speak of: at least half of its telling words stand there. Keeps
 * a promise about one thing from vouching for another.
 */
export function sameMatter(name: string, quotes: readonly string[]): boolean {
  const named = [...stems(name)];
  const said = stems(quotes.join(' '));
  return named.length > 0 && named.filter((stem) => said.has(stem)).length * 2 >= named.length;
}
