/** Languages between BCP 47 and what speech services call them. */
import type { SubmitProfile } from './profile';

/** What goes into the language field; null = leave it out. */
export function languageFor(language: string | null, submit: SubmitProfile): string | null {
  if (language === null) return submit.autoLanguage ?? null;
  const base = baseOf(language);
  return submit.languageMap?.[language] ?? submit.languageMap?.[base] ?? base;
}

/** The services know languages without regions: `en-GB` is `en`. */
const baseOf = (tag: string) => tag.split('-')[0]?.toLowerCase() ?? tag;

/** The languages that Whisper and its relatives tell. */
const KNOWN =
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jv ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh'.split(
    ' ',
  );

/** "en", "en-US" or "english" as a BCP 47 tag; null = not told, or nothing that we know. */
export function languageTag(said: unknown): string | null {
  if (typeof said !== 'string') return null;
  const word = said.trim().toLowerCase();
  if (KNOWN.includes(baseOf(word.replace('_', '-')))) return baseOf(word.replace('_', '-'));
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  return KNOWN.find((code) => names.of(code)?.toLowerCase() === word) ?? null;
}
