import fc from 'fast-check';
import type { JudgedTask } from './judged';
import { fingerprint, reconcile, type EarlierTask } from './reconcile';

const task = (name: string): JudgedTask => ({
  name,
  ownerUserId: null,
  ownerText: null,
  deadline: null,
  deadlineText: null,
  category: null,
  needsReview: false,
  agreed: true,
  evidence: [],
});
const earlier = (name: string, touched = false): EarlierTask => ({
  id: `id of ${name}`,
  fingerprint: fingerprint(name),
  touched,
});

describe('reconcile', () => {
  it('adds what is new, replaces what nobody touched, removes what is gone', () => {
    const changes = reconcile(
      [earlier('Book a room'), earlier('Call Bob')],
      [task('book a  room.'), task('Write the mail')],
    );
    expect(changes.update.map(({ id }) => id)).toEqual(['id of Book a room']);
    expect(changes.add.map(({ name }) => name)).toEqual(['Write the mail']);
    expect(changes.remove).toEqual(['id of Call Bob']);
    expect(changes.keep).toEqual([]);
  });

  it('keeps what a person touched, found again or not', () => {
    const changes = reconcile(
      [earlier('Book a room', true), earlier('Call Bob', true)],
      [task('Book a room')],
    );
    expect(changes).toEqual({
      add: [],
      update: [],
      remove: [],
      keep: ['id of Book a room', 'id of Call Bob'],
    });
  });

  it('has nothing to add or remove when the same is found twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,3}$/)), (names) => {
        const changes = reconcile(
          names.map((name) => earlier(name)),
          names.map(task),
        );
        expect([changes.add, changes.remove]).toEqual([[], []]);
        expect(changes.update).toHaveLength(names.length);
      }),
    );
  });

  it('accounts for every earlier task exactly once', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(names, names, fc.func(fc.boolean()), (before, after, touched) => {
        const changes = reconcile(
          before.map((name) => earlier(name, touched(name))),
          after.map(task),
        );
        const seen = [...changes.update.map(({ id }) => id), ...changes.keep, ...changes.remove];
        expect(seen.sort()).toEqual(before.map((name) => `id of ${name}`).sort());
      }),
    );
  });
});
