import { text } from '../../domain/text';

/** Characters that nobody sees: they hide words from a reader, or turn them round. */
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

const MARKDOWN_LINK = /!?\[([^\]]*)\]\([^)]*\)/g;
const LINKS = [
  /<\/?[a-z!][^>]*>/gi,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S*/gi,
  /\bdata:\w+\/\S*/gi,
  /\b(?:mailto|javascript|tel|file):\S+/gi,
  /\bwww\.\S*/gi,
  /\S+@\S+\.\S+/g,
];
/** `example.com/path`: what is behind the name of the host goes. */
const PATH_OF_HOST = /(?<=[\p{L}\p{N}]\.\p{L}{2,20})(?:[/#]\S|\?\w|:\d)\S*/gu;

const withoutLinks = (words: string): string =>
  LINKS.reduce((rest, link) => rest.replace(link, ''), words.replace(MARKDOWN_LINK, '$1')).replace(
    PATH_OF_HOST,
    '',
  );

/**
 * A model's words as one line that shows what it says and leads nowhere: no link, address, markup or unseen character.
 * A name of an item is no place for a URL, whoever put it there.
 */
export const plainWords = (words: string): string =>
  withoutLinks(text(words).normalize('NFC').replace(UNSEEN, '')).replace(/\s+/g, ' ').trim();
