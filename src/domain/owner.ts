import type { Participant } from './meeting';

const TITLES = /^(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|hon)\.? +)+/;

/** Case, accents, white space and "Dr." say nothing about who is meant. */
function comparable(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(TITLES, '');
}

const firstName = (name: string): string => comparable(name).split(' ')[0]!;

function only<T>(found: T[]): T | null {
  return found.length === 1 ? found[0]! : null;
}

/**
 * The participant whom a spoken name, speaker's label or e-mail address means: by full name, by first name when it is
 * the first name of one participant alone, or by address. null when nobody or more than one could be meant.
 */
export function resolveOwner(spoken: string | null, participants: Participant[]): Participant | null {
  const said = comparable(spoken ?? '').replace(/[.,;:!?]+$/, '');
  if (said === '') return null;
  const byAddress = participants.filter(({ email }) => email.trim().toLowerCase() === said);
  const byName = participants.filter(({ name }) => comparable(name) === said);
  if (byAddress.length + byName.length > 0) return only([...new Set([...byAddress, ...byName])]);
  return only(participants.filter(({ name }) => firstName(name) === said));
}
