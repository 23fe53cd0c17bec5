import { citeTheSame, differentDoers, missingFrom, type Matter } from './matter';

/** Of the shorter name's telling words, how many the other must have when both cite the same words. */
const SAME_PLACE_OVERLAP = 0.5;
/** Of all telling words, how many must be shared when they cite different words. */
const ELSEWHERE_OVERLAP = 0.8;
/** With so many words shared, "call …" and "ask …" about the same are one piece of work, if it is one person's. */
const SHARED_WORDS_OUTWEIGH_VERB = 2;

/**
 * Whether two items are the same matter: 0 = they are not; else the more, the liker (at most 2.2).
 *
 * Items that cite the same words may be put very differently; what tells two tasks of one sentence apart is that each
 * names something said there that the other does not name. Items that cite different words, or none, must be named
 * nearly alike: one may only say more than the other. Measured on the pairs of `likeness.test.ts`.
 */
export function likeness(one: Matter, other: Matter): number {
  const place = placeOf(one, other);
  const all = one.names.flatMap((mine) => other.names.map((theirs) => likenessOfNames(mine, theirs, place)));
  const most = Math.max(0, ...all);
  if (most === 0) return 0;
  return most + (place.same ? 1 : 0) + (place.otherOwner ? 0 : 0.2);
}

interface Place {
  /** Both cite the same words. */
  same: boolean;
  /** The telling words of all that they cite. */
  said: readonly string[];
  otherOwner: boolean;
}

type Name = Matter['names'][number];

const placeOf = (one: Matter, other: Matter): Place => ({
  same: citeTheSame(one.evidence, other.evidence),
  said: [...one.said, ...other.said],
  otherOwner: differentDoers(one.owner, other.owner),
});

function likenessOfNames(one: Name, other: Name, place: Place): number {
  if (one.fingerprint === other.fingerprint) return place.same || !place.otherOwner ? 1 : 0;
  if (place.same) return likenessInPlace(one.withoutWhen, other.withoutWhen, place);
  return place.otherOwner ? 0 : likenessElsewhere(one.words, other.words);
}

/** Dice's coefficient: 1 = the same words, 0 = none in common. */
function dice(mine: string[], theirs: string[]): number {
  const shared = sharedBy(mine, theirs);
  return shared === 0 ? 0 : (2 * shared) / (mine.length + theirs.length);
}

const sharedBy = (mine: string[], theirs: string[]): number =>
  Math.min(mine.length - missingFrom(mine, theirs).length, theirs.length - missingFrom(theirs, mine).length);

function likenessElsewhere(mine: string[], theirs: string[]): number {
  const bothSayMore = missingFrom(mine, theirs).length > 0 && missingFrom(theirs, mine).length > 0;
  const alike = dice(mine, theirs);
  return !bothSayMore && alike >= ELSEWHERE_OVERLAP ? alike : 0;
}

function likenessInPlace(mine: string[], theirs: string[], { said, otherOwner }: Place): number {
  const shared = sharedBy(mine, theirs);
  if (shared === 0) return 0;
  const skip = shared >= SHARED_WORDS_OUTWEIGH_VERB && !otherOwner ? 1 : 0;
  const ownAndSaid = (these: string[], those: string[]) => {
    const own = missingFrom(these, those).filter((word) => these.indexOf(word) >= skip);
    return own.length > missingFrom(own, said).length;
  };
  if (ownAndSaid(mine, theirs) && ownAndSaid(theirs, mine)) return 0;
  const enough = shared / Math.min(mine.length, theirs.length) >= SAME_PLACE_OVERLAP;
  return enough ? dice(mine, theirs) : 0;
}
