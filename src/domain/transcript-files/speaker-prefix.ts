/** Labels of documents, not of people. */
const NO_NAMES = new Set(
  (
    'action actions agenda answer attendees attention chapter conclusion date decision decisions example file http https ' +
    'idea important info item items link location meeting minutes next note notes outcome participants present problem ' +
    'ps question questions re reminder result results subject summary task tasks time title todo topic transcript warning'
  ).split(' '),
);
const STAMP = String.raw`[([]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[)\]]?`;
const PREFIX = new RegExp(
  String.raw`^(?:${STAMP}\s*[-–]?\s*)?(\p{L}[^:\n]{0,119}?)(?:\s*${STAMP})?:(?:\s+|$)(.*)$`,
  'su',
);
const SMALL_WORDS = /^(?:de|da|di|du|van|von|der|den|la|le|el|al|bin|of|the|and|y|e)$/;
/** A name in capitals or with one: "Anna", "ANNA BERG", "Speaker 2", "van der Berg", "O'Neil". */
const NAME_WORD = /^[(["']?(?:[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}.,'’\-]*|\d+)[)\]"',.]*$/u;
const MAX_WORDS = 6;

/** Our own exports write this for a voice without a name. */
export const NOBODY = 'Unknown speaker';

function isName(label: string): boolean {
  const words = label.replace(/\s*\(.*\)$/, '').split(/\s+/);
  if (words.length > MAX_WORDS || NO_NAMES.has(words[0]!.toLowerCase())) return false;
  return (
    words.every((word) => NAME_WORD.test(word) || SMALL_WORDS.test(word)) && NAME_WORD.test(words.at(-1)!)
  );
}

export interface Prefixed {
  /** null = the voice has no name. */
  speaker: string | null;
  text: string;
}

/**
 * "Anna: words" taken apart; null when the line names no speaker. "10:30", "http://x" and "Note: …" name none. In lower
 * case a label counts only when the caller knows it.
 */
export function speakerPrefix(line: string, known?: ReadonlySet<string>): Prefixed | null {
  const found = PREFIX.exec(line);
  const label = found?.[1]!.trim().replace(/\s+/g, ' ');
  if (!found || !label || !(label === NOBODY || known?.has(label) || isName(label))) return null;
  return { speaker: label === NOBODY ? null : label, text: found[2]!.trim() };
}

/** A label in lower case that stands before two lines or more is a speaker's. */
export function recurringLabels(lines: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const label = PREFIX.exec(line)?.[1]!.trim();
    const plain = label && label.split(/\s+/).length <= 2 && !NO_NAMES.has(label.toLowerCase());
    if (plain) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([label]) => label));
}
