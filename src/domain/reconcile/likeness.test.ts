/** Pairs of items that two readings of one meeting may give, labelled by hand: the same matter or not. */
import { labelledPairs, type LabelledPair } from '../../../test/support/labelled-pairs';
import { CITED, realPairs, realReadings, UNCITED } from '../../../test/support/real-pairs';
import { describeWithSharedData } from '../../../test/support/shared-data';
import { likeness } from './likeness';
import { bestMatches } from './match';
import { matterOf } from './matter';

const alike = ({ one, other }: LabelledPair): boolean => {
  const [mine, theirs] = [one, other].map(({ name, owner = null, evidence }) =>
    matterOf([name], owner === null ? null : { id: owner, text: owner }, evidence),
  ) as [ReturnType<typeof matterOf>, ReturnType<typeof matterOf>];
  const [there, back] = [likeness(mine, theirs), likeness(theirs, mine)];
  expect(there).toBeCloseTo(back, 10);
  return there > 0;
};

/** Pairs that the rules get wrong, by their names; a change that mends one takes it out. */
const KNOWN_WRONG = new Set<string>([
  'Ring Bob / Give Robert a call',
  'Prepare the launch announcement / Write the launch announcement',
]);

const named = (pairs: LabelledPair[]): [string, LabelledPair][] =>
  pairs.map((pair) => [`${pair.one.name} / ${pair.other.name}`, pair]);

describe.each(['same', 'different'] as const)('%s', (label) => {
  it.each(named(labelledPairs.filter((pair) => pair.label === label)))('%s', (name, pair) => {
    expect(alike(pair)).toBe((label === 'same') !== KNOWN_WRONG.has(name));
  });
});

/** Precision: of the pairs called the same, how many are. Recall: of those that are, how many are called so. */
function measure(pairs: LabelledPair[]) {
  const called = pairs.filter(alike);
  const right = called.filter(({ label }) => label === 'same').length;
  const same = pairs.filter(({ label }) => label === 'same').length;
  return { pairs: pairs.length, precision: right / called.length, recall: right / same };
}

it('gets nearly all of the table right', () => {
  const { pairs, precision, recall } = measure(labelledPairs);
  expect(pairs).toBeGreaterThanOrEqual(40);
  expect(precision).toBeGreaterThanOrEqual(0.95);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});

describeWithSharedData('items of real meetings', () => {
  it('are mostly told apart, and found again when they are put otherwise', () => {
    const { pairs, precision, recall } = measure(realPairs(CITED));
    expect(pairs).toBeGreaterThan(40);
    expect(precision).toBeGreaterThanOrEqual(0.8);
    expect(recall).toBe(1);
  });

  it('are never taken for another where nothing is cited', () => {
    expect(measure(realPairs(UNCITED)).precision).toBe(1);
  });

  it('each finds itself when the likest pairs come first', () => {
    for (const [items, otherwise] of realReadings(CITED)) {
      const earlier = items.map(({ name, evidence }, i) => ({
        id: String(i),
        rank: 0,
        matter: matterOf([name], null, evidence),
      }));
      const found = otherwise.map(({ name, evidence }) => ({
        key: name,
        matter: matterOf([name], null, evidence),
      }));
      const matches = bestMatches(earlier, found.toReversed());
      expect(found.map((item) => matches.get(item)?.id)).toEqual(earlier.map(({ id }) => id));
    }
  });
});
