import { ownerAgreed } from './commitment';
import { findDeadlineWords, resolveDeadline, standsAsDeadline } from './deadline';
import { verifyQuote } from './evidence';
import { judgeTask } from './judge';
import type { Segment } from './meeting';
import { resolveOwner } from './owner';
import { expectGrowth } from '../../test/support/growth';
import { found as foundTask, oldTask } from '../../test/support/readings';
import { reconcileTasks } from './reconcile';
import { fingerprint } from './reconcile/matter';
import { sameMatter } from './same-matter';
import { nameSpeakers } from './speaking';
import { LoopGuard } from './speaking/loop-guard';
import { clausesOf } from './speech/clauses';
import { sentencesOf } from './speech/sentences';

/** An hour of talk in one piece, as engines write it when they find no full stop; and worse. */
const LENGTH = 100_000;

const PHRASES = [
  'I will ',
  'but I will ',
  'I will not ',
  'I will see if ',
  'no problem, I will ',
  'yes, ',
  'can you? ',
  'Ben, can you ',
  'by friday ',
  'in case ',
  'we agreed to, ',
  'what about the ',
  '. ',
  '\n',
  ' ',
  'a',
  '((((',
  '“’',
  'e\u0301',
  '🎉',
];

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };
const people = ['Ben', 'Anna'].map((name) => ({ userId: name, name, email: `${name}@example.com` }));

const long = (phrase: string, length: number) => phrase.repeat(Math.ceil(length / phrase.length));

const readers: [string, (speech: string) => void][] = [
  ['a promise', (text) => void ownerAgreed([{ turn: 1, byOwner: true, quote: text, text }], called)],
  [
    'a request and a yes',
    (text) =>
      void ownerAgreed(
        [request(text), { turn: 2, byOwner: true, quote: 'Yes.', text: `Yes. ${text}` }],
        called,
      ),
  ],
  ['a deadline', (text) => void findDeadlineWords(`by Friday ${text}`, clock)],
  ['a day alone', (text) => void resolveDeadline(text, clock)],
  ['where a deadline stands', (text) => void standsAsDeadline(`${text} by Friday`, 'by Friday')],
  ['a quote', (text) => void verifyQuote(`${text.slice(0, 200)} nowhere`, text)],
  ['what it is about', (text) => void sameMatter(text, [text])],
  ['clauses', (text) => void clausesOf({ text, start: 0, end: text.length })],
  ['sentences', (text) => void sentencesOf(text)],
  ['who speaks', (text) => void nameSpeakers([say('A', text), say('B', text), say('A', text)], people)],
  ['a loop of an engine', (text) => void new LoopGuard().clean(text)],
  ['a name', (text) => void resolveOwner(text, people)],
  ['the same item', (text) => void fingerprint(text)],
];

const called = { owner: ['Ben'], others: ['Anna'] };
const say = (speaker: string, text: string) => ({ speaker, text });
const request = (text: string) => ({ turn: 1, byOwner: false, quote: text, text });

test.each(readers)('%s: an hour without a full stop costs as much as its length', async (_what, read) => {
  for (const phrase of PHRASES) await expectGrowth((length) => read(long(phrase, length)), LENGTH);
});

test('a model that cites everything, a thousand times over, is judged', async () => {
  const segments: Segment[] = Array.from({ length: 200 }, (_, i) => ({
    id: `s${i}`,
    speaker: 'Ben',
    text: `I will send report ${i} by Friday.`,
    startMs: null,
    endMs: null,
    confidence: null,
  }));
  const cited = segments.map(({ id, text }) => ({ segmentId: id, quote: text }));
  await expectGrowth((times) => {
    const claim = {
      name: 'Send report',
      ownerText: 'Ben',
      deadlineText: 'by Friday',
      category: null,
      evidence: Array.from({ length: times }, () => cited).flat(),
    };
    const task = judgeTask(claim, { segments, participants: people, clock });
    expect(task.evidence).toHaveLength(20);
    expect(task).toMatchObject({ agreed: true, deadline: { date: '2025-10-17' } });
  }, 1000);
});

test('ten thousand tasks are compared with ten thousand of an earlier reading at the price of their number', async () => {
  await expectGrowth((count) => {
    const names = Array.from({ length: count }, (_, i) => `Send report ${i}`);
    const earlier = names.map((name, i) => oldTask(name, { told: i % 2 === 0 }));
    const found = names.map((name) => foundTask(name.toUpperCase(), { needsReview: true }));
    const changes = reconcileTasks(earlier, found, { whole: true, timezone: 'UTC' });
    expect(changes.filter(({ change }) => change === 'updated')).toHaveLength(count);
    expect(changes).toHaveLength(count);
  }, 10_000);
});

test('a thousand tasks that are all alike but none the same are compared pair by pair, no more', async () => {
  await expectGrowth(
    (count) => {
      const numbers = Array.from({ length: count }, (_, i) => i);
      const earlier = numbers.map((i) => oldTask(`Send report ${i} to the finance team of the north`));
      const found = numbers.map((i) => foundTask(`Send report ${i + 5000} to the finance team of the south`));
      reconcileTasks(earlier, found, { whole: true, timezone: 'UTC' });
    },
    1000,
    { power: 2 },
  );
});

test('what stands far ahead in the same breath does not take a promise back; what stands near does', () => {
  const far = `maybe ${'and so on '.repeat(300)}`;
  const cited = (text: string) => [{ turn: 1, byOwner: true, quote: text, text }];
  expect(ownerAgreed(cited(`${far}I will send it`), called)).toBe(true);
  expect(ownerAgreed(cited(`${'and so on '.repeat(300)}maybe I will send it`), called)).toBe(false);
});
