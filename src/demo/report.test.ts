import { report, type ShownMeeting } from './report';

const evidence = (quote: string, startMs: number | null = 61_000, speaker: string | null = 'Ben') => [
  { speaker, startMs, quote },
];

const meeting = (change: Partial<ShownMeeting> = {}): ShownMeeting => ({
  title: 'Weekly planning',
  status: 'ready',
  failure: null,
  participants: [{ userId: 'u1', name: 'Ben' }],
  segments: [],
  decisions: [],
  actionItems: [],
  unresolvedQuestions: [],
  ...change,
});

const item = (change: Partial<ShownMeeting['actionItems'][number]> = {}) => ({
  name: 'Fix the payment tests',
  owner: 'u1',
  ownerText: 'Ben',
  deadline: '2025-10-17',
  deadlineText: 'by Friday',
  needsReview: false,
  evidence: evidence('I will fix the payment tests by Friday'),
  ...change,
});
const itemLine = (change: Parameters<typeof item>[0]) =>
  report(meeting({ actionItems: [item(change)] }))
    .split('\n')
    .find((line) => line.startsWith('  - '));

it('shows the transcript, and each item with the words that it rests on', () => {
  const shown = report(
    meeting({
      segments: [
        { speaker: 'Anna', startMs: 0, text: 'Good morning.' },
        { speaker: null, startMs: 3_725_999, text: 'Hello.' },
      ],
      decisions: [{ text: 'The launch moves', evidence: evidence('We move the launch', 5_000, 'Anna') }],
      actionItems: [item()],
      unresolvedQuestions: [{ text: 'Who pays?', evidence: evidence('Who is going to pay?') }],
    }),
  );
  expect(shown).toBe(`Weekly planning

Transcript
  00:00 Anna: Good morning.
  62:05 ?: Hello.

Decisions
  - The launch moves
      00:05 Anna: "We move the launch"

Action items
  - Fix the payment tests: Ben, due 2025-10-17 ("by Friday")
      01:01 Ben: "I will fix the payment tests by Friday"

Open questions
  - Who pays?
      01:01 Ben: "Who is going to pay?"`);
});

it('says of a meeting in which nothing was found that nothing was found', () => {
  expect(report(meeting())).toBe(`Weekly planning

Transcript: none

Decisions: none

Action items: none

Open questions: none`);
});

it('shows words without a time or a speaker, as text files have them', () => {
  const decisions = [{ text: 'We ship', evidence: evidence('Ship it', null, null) }];
  const segments = [{ speaker: 'Anna', startMs: null, text: 'Ship it.' }];
  const shown = report(meeting({ segments, decisions }));
  expect(shown).toContain('        Anna: Ship it.');
  expect(shown).toContain('            somebody: "Ship it"');
});

it.each<[string, Parameters<typeof item>[0]]>([
  ['Ben, due 2025-10-17 ("by Friday")', {}],
  ['"the finance team", due 2025-10-17 ("by Friday")', { owner: null, ownerText: 'the finance team' }],
  ['"Ben", due 2025-10-17 ("by Friday")', { owner: 'somebody who left' }],
  ['nobody, due 2025-10-17 ("by Friday")', { owner: null, ownerText: null }],
  ['Ben, no date', { deadline: null, deadlineText: null }],
  ['Ben, no date', { deadline: null, deadlineText: 'soon' }],
  ['Ben, due 2025-10-17 ("by Friday") (needs review)', { needsReview: true }],
])('says who and when: %s', (words, change) => {
  expect(itemLine(change)).toBe(`  - Fix the payment tests: ${words}`);
});

it('cites nothing where nothing supports it', () => {
  const shown = report(meeting({ actionItems: [item({ evidence: [], needsReview: true })] }));
  expect(shown).toContain('(needs review)\n\nOpen questions: none');
});
