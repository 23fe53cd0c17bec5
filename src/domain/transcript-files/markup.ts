const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  lrm: '\u200e',
  rlm: '\u200f',
  quot: '"',
  apos: "'",
};

function character(entity: string): string | null {
  if (!entity.startsWith('#')) return NAMED[entity] ?? null;
  const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

/** WebVTT's and HTML's common character references; unknown ones stay as they are. */
export const unescaped = (markup: string): string =>
  markup.replace(
    /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi,
    (whole, entity: string) => character(entity) ?? whole,
  );

export const escaped = (plain: string): string =>
  plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** One line, single spaces: what a cue or a line of a text file can hold. */
export const oneLine = (words: string): string => words.replace(/\s+/g, ' ').trim();
