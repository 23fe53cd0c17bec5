/** Makes words of a meeting harmless on their way into a mail: what was said must not become a link or markup. */

/** Characters that reorder what a reader sees: "gpj.exe" must not be read as "exe.jpg". */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;
const ZERO_WIDTH = '\u200b';

/**
 * Mail programs make links of `https://…`, `example.com` and `a@example.com` by themselves. An invisible space behind
 * the character that gives them away keeps them text; it still reads the same.
 */
export const inert = (words: string): string =>
  words
    .replace(REORDERING, '')
    .replace(/:(?=\/\/)|@/g, `$&${ZERO_WIDTH}`)
    .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2})/gu, `.${ZERO_WIDTH}`);

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attribute values of HTML. */
export const escapeHtml = (words: string): string =>
  words.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Subjects and summaries are one line. */
export const oneLine = (words: string): string => words.replace(REORDERING, '').replace(/\s+/g, ' ').trim();
