import fc from 'fast-check';
import type { ExtractedTask } from '../ports';
import { judgeTask } from './judge';
import type { Participant, Segment } from './meeting';

/** Names as people have them and as attackers choose them: whoever they are, only they can bind themselves. */
const NAMES = [
  'Ben',
  'Zoë',
  'Zoe\u0308', // the same letters, written with a combining mark
  'Émile',
  'Øyvind',
  'Łukasz',
  'José María',
  "D'Arcy",
  'Anne-Marie',
  'Владимир',
  'محمد',
  'דוד',
  '花子',
  'C++ (dev)',
  '.*',
  '[a-z]+',
  'a|b',
  '$&',
  '\\b',
  '(?=x)',
  'Ⅳ',
];

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };
const person = (name: string): Participant => ({ userId: `id of ${name}`, name, email: 'x@example.com' });
const said = (...lines: [string | null, string][]): Segment[] =>
  lines.map(([speaker, text], i) => ({
    id: `s${i}`,
    speaker,
    text,
    startMs: i * 1000,
    endMs: i * 1000 + 900,
    confidence: null,
  }));

function judged(segments: Segment[], ownerText: string, people: Participant[], name = 'Book a room') {
  const evidence = segments.map(({ id, text }) => ({ segmentId: id, quote: text }));
  const task: ExtractedTask = { name, ownerText, deadlineText: null, category: null, evidence };
  return judgeTask(task, { segments, participants: people, clock });
}

describe.each(NAMES)('a participant called %s', (name) => {
  const people = [person(name), person('Other Person')];

  it('is bound by their own promise', () => {
    expect(judged(said([name, 'I will book a room.']), name, people)).toMatchObject({
      ownerUserId: `id of ${name}`,
      agreed: true,
      needsReview: false,
    });
  });

  it('accepts a request that calls them', () => {
    const talk = said(['Other Person', `${name}, can you book a room?`], [name, 'Sure.']);
    expect(judged(talk, name, people)).toMatchObject({ ownerUserId: `id of ${name}`, agreed: true });
  });

  it('is not bound by the promise of another', () => {
    const talk = said(['Other Person', 'I will book a room.']);
    expect(judged(talk, name, people)).toMatchObject({ agreed: false, needsReview: true });
  });

  it('leaves nobody else with the request that calls them', () => {
    const talk = said(['Third Person', `${name}, can you book a room?`], ['Other Person', 'Sure.']);
    const task = judged(talk, 'Other Person', [...people, person('Third Person')]);
    expect(task).toMatchObject({ agreed: false, needsReview: true });
  });

  it('is not what the others’ yes hands the work to', () => {
    const talk = said(
      ['Third Person', 'Can you book a room?'],
      ['Other Person', `Sure, ${name} will do that.`],
    );
    const task = judged(talk, 'Other Person', [...people, person('Third Person')]);
    expect(task).toMatchObject({ agreed: false, needsReview: true });
  });
});

describe('names that only look the same', () => {
  const ben = person('Ben');

  it.each([
    ['a zero-width space', 'Be\u200bn'],
    ['a Cyrillic е', 'B\u0435n'],
    ['an override that turns the letters round', '\u202eneB'],
    ['a soft hyphen', 'B\u00aden'],
  ])('%s: the speaker is a stranger, so nobody has promised', (_what, speaker) => {
    expect(judged(said([speaker, 'I will book a room.']), 'Ben', [ben])).toMatchObject({ agreed: false });
  });

  it('composed or not, accented letters are the same name', () => {
    const zoe = person('Zoë');
    const talk = said(['Zoe\u0308', 'I will book a room.']);
    expect(judged(talk, 'Zoe', [zoe])).toMatchObject({ ownerUserId: 'id of Zoë', agreed: true });
  });
});

describe('people who share a first name, or are not there', () => {
  const two = [person('Ben Ode'), person('Ben Lind')];

  it('a promise of "Ben" is neither one’s; the full name is his', () => {
    expect(judged(said(['Ben', 'I will book a room.']), 'Ben', two)).toMatchObject({
      ownerUserId: null,
      ownerText: 'Ben',
      agreed: false,
    });
    expect(judged(said(['Ben Ode', 'I will book a room.']), 'Ben Ode', two)).toMatchObject({
      ownerUserId: 'id of Ben Ode',
      agreed: true,
    });
  });

  it('the one does not answer for the other', () => {
    const talk = said(['Anna', 'Ben Ode, can you book a room?'], ['Ben Lind', 'Sure.']);
    expect(judged(talk, 'Ben Ode', two)).toMatchObject({ agreed: false });
    expect(judged(talk, 'Ben Lind', two)).toMatchObject({ agreed: false });
  });

  it('who speaks but does not take part stays words', () => {
    const task = judged(said(['Eve', 'I will book a room.']), 'Eve', [person('Ben')]);
    expect(task).toMatchObject({ ownerUserId: null, ownerText: 'Eve', agreed: false, needsReview: true });
  });

  it('a request to a stranger is not taken up by a participant’s yes', () => {
    const talk = said(['Eve', 'Hello.'], ['Anna', 'Eve, can you book a room?'], ['Ben', 'Sure.']);
    expect(judged(talk, 'Ben', [person('Ben'), person('Anna')])).toMatchObject({ agreed: false });
  });
});

const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const anyWords = fc.string({ unit: 'grapheme', maxLength: 80 });

it('whatever people are called and say: evidence is literal, an owner takes part, only the agreed leave review', () => {
  fc.assert(
    fc.property(anyName, anyName, anyWords, anyWords, anyWords, (a, b, words, quote, name) => {
      const segments = said([a, `I will ${words}`], [b, words], [null, quote]);
      const people = [person(a), person(b)];
      const cited = [...segments.map(({ id, text }) => ({ segmentId: id, quote: text }))];
      const claim = { name, ownerText: a, deadlineText: words, category: quote };
      const task = judgeTask(
        { ...claim, evidence: [...cited, { segmentId: 's0', quote }, { segmentId: 'none', quote }] },
        { segments, participants: people, clock },
      );
      for (const { segmentId, quote: found } of task.evidence)
        expect(segments.find(({ id }) => id === segmentId)!.text).toContain(found);
      expect([null, ...people.map(({ userId }) => userId)]).toContain(task.ownerUserId);
      expect(task.needsReview || task.agreed).toBe(true);
      expect(task.agreed && task.ownerUserId === null).toBe(false);
      expect(task.name.isWellFormed()).toBe(true);
    }),
  );
});
