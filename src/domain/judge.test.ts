import { judgeDecision, judgeQuestion, judgeTask } from './judge';
import type { Segment } from './meeting';
import type { ExtractedTask } from '../ports';

const LINES: [string | null, string][] = [
  ['Anna', 'Okay. Ben, can you fix the payment tests by Friday?'],
  ['Ben Ode', 'Yes. I will fix the payment tests by Friday,'],
  ['Ben Ode', 'and I will send you a report on Monday morning.'],
  ['Speaker 4', 'I will write the customer email.'],
  ['Anna', 'Carol, please book a room for the review before the end of the month.'],
  ['Carol', 'Sure, I will book the room today.'],
  ['Anna', 'We have decided to move the launch to the tenth of November.'],
];
const segments: Segment[] = LINES.map(([speaker, words], i) => ({
  id: `s${i}`,
  speaker,
  startMs: i * 1000,
  endMs: i * 1000 + 900,
  text: words,
  confidence: null,
}));
const participants = ['Anna', 'Ben Ode', 'Carol'].map((name) => ({
  userId: name.toLowerCase(),
  name,
  email: `${name.split(' ')[0]!.toLowerCase()}@example.com`,
}));
const heard = {
  segments,
  participants,
  clock: { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' },
};

const cite = (i: number, quote = LINES[i]![1]) => ({ segmentId: `s${i}`, quote });
const claim = (fields: Partial<ExtractedTask>): ExtractedTask => ({
  name: 'Fix the payment tests',
  ownerText: 'Ben',
  deadlineText: 'by Friday',
  category: null,
  evidence: [cite(0), cite(1)],
  ...fields,
});

test('a task that its owner promised: owner, day and literal quotes', () => {
  const task = judgeTask(claim({ evidence: [cite(1, 'i will FIX  the payment tests')] }), heard);
  expect(task).toEqual({
    name: 'Fix the payment tests',
    ownerUserId: 'ben ode',
    ownerText: 'Ben',
    deadline: { date: '2025-10-17' },
    deadlineText: 'by Friday',
    category: null,
    needsReview: false,
    agreed: true,
    evidence: [
      {
        segmentId: 's1',
        startMs: 1000,
        endMs: 1900,
        speaker: 'Ben Ode',
        quote: 'I will fix the payment tests',
      },
    ],
  });
});

test('a yes right after the request is enough', () => {
  expect(judgeTask(claim({ evidence: [cite(0), cite(1, 'Yes')] }), heard)).toMatchObject({ agreed: true });
});

test('of two deadlines the owner’s own counts', () => {
  const booking = claim({
    name: 'Book a room for the review',
    ownerText: 'Carol',
    evidence: [cite(4), cite(5)],
  });
  const task = judgeTask({ ...booking, deadlineText: 'before the end of the month' }, heard);
  expect(task).toMatchObject({ deadline: { date: '2025-10-14' }, deadlineText: 'today', agreed: true });
});

test.each<[string, Partial<ExtractedTask>]>([
  ['the request alone', { evidence: [cite(0)] }],
  ['no evidence', { evidence: [] }],
  ['a quote that nobody said', { evidence: [cite(1, 'I will pay for the tests')] }],
  [
    'a segment that does not exist',
    { evidence: [{ segmentId: 's99', quote: 'I will fix the payment tests' }] },
  ],
  ['somebody else’s promise', { ownerText: 'Anna', evidence: [cite(1)] }],
  ['a promise about another matter', { name: 'Transfer the money', evidence: [cite(1)] }],
  ['an owner whom nobody knows', { ownerText: 'Dave' }],
  ['no owner', { ownerText: null }],
  [
    'a voice without a name',
    { name: 'Write the customer email', ownerText: 'Speaker 4', evidence: [cite(3)] },
  ],
])('%s: not agreed, for review', (_, fields) => {
  expect(judgeTask(claim(fields), heard)).toMatchObject({ agreed: false, needsReview: true });
});

test('a deadline that was not said in the cited segments is none', () => {
  const task = judgeTask(claim({ deadlineText: 'by Thursday', evidence: [cite(1)] }), heard);
  expect(task).toMatchObject({
    deadline: null,
    deadlineText: 'by Thursday',
    needsReview: true,
    agreed: true,
  });
});

test('the day of a thing, taken for a deadline, is none', () => {
  const words = "I will look at Friday's payment tests.";
  const text = [{ ...segments[1]!, text: words }];
  const task = judgeTask(claim({ deadlineText: 'Friday', evidence: [cite(1, words)] }), {
    ...heard,
    segments: text,
  });
  expect(task).toMatchObject({ deadline: null, needsReview: true });
});

test('quotes that are not there leave no evidence', () => {
  expect(judgeTask(claim({ evidence: [cite(1, 'I will pay')] }), heard).evidence).toEqual([]);
});

test('the same quote twice is cited once', () => {
  expect(judgeTask(claim({ evidence: [cite(1), cite(1)] }), heard).evidence).toHaveLength(1);
});

test('what enters is cleaned: names, categories', () => {
  const task = judgeTask(
    claim({ name: ' Fix\u0000 tests ', category: 'x'.repeat(80), ownerText: ' ' }),
    heard,
  );
  expect(task).toMatchObject({ name: 'Fix tests', category: 'x'.repeat(50), ownerText: null });
});

test('decisions and questions keep what stands in the transcript', () => {
  const decision = { text: 'Move the launch', evidence: [cite(6), cite(6, 'invented words')] };
  expect(judgeDecision(decision, segments)).toMatchObject({
    needsReview: false,
    evidence: [{ segmentId: 's6' }],
  });
  const question = { text: 'Who pays?', status: 'open' as const, evidence: [cite(6, 'Who pays?')] };
  expect(judgeQuestion(question, segments)).toEqual({
    text: 'Who pays?',
    status: 'open',
    needsReview: true,
    evidence: [],
  });
});
