import { judgeTask } from '../../../domain/judge';
import type { Deadline, Segment } from '../../../domain/meeting';
import { LocalExtractor } from '.';

/** Invented talk, written as speech engines write it: sentences joined by commas, question marks lost. */
const participants = ['Dora', 'Emil', 'Farid'].map((name) => ({
  userId: name,
  name,
  email: `${name}@example.com`,
}));
const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

const segmentOf = (line: string, i: number): Segment => {
  const [, speaker, text] = /^(\w+): (.*)$/.exec(line)!;
  return { id: `s${i}`, speaker: speaker!, text: text!, startMs: null, endMs: null, confidence: null };
};

async function read(...lines: string[]) {
  const segments = lines.map(segmentOf);
  const found = await new LocalExtractor().extract({ segments, participants, clock, instructions: null });
  const tasks = found.tasks.map((task) => judgeTask(task, { segments, participants, clock }));
  return { ...found, tasks };
}

const questionsOf = async (...lines: string[]) => (await read(...lines)).questions.map(({ text }) => text);
const decisionsOf = async (...lines: string[]) => (await read(...lines)).decisions.map(({ text }) => text);
const dayOf = (deadline: Deadline | null) => deadline && ('date' in deadline ? deadline.date : deadline.at);

test('a decision, a request and the answer in one breath each', async () => {
  const { tasks, decisions } = await read(
    'Dora: Right, we have agreed to close the shop on Sundays, Emil, can you print the signs by Thursday?',
    'Emil: Yes, I will print the signs by Thursday, Dora, can you send me the opening hours?',
    'Dora: Sure, I will send you the opening hours today.',
  );
  expect(decisions.map(({ text }) => text)).toEqual(['Close the shop on Sundays']);
  expect(
    tasks.map(({ ownerUserId, name, deadline, agreed }) => [ownerUserId, name, dayOf(deadline), agreed]),
  ).toEqual([
    ['Emil', 'Print the signs', '2025-10-16', true],
    ['Dora', 'Send Emil the opening hours', '2025-10-14', true],
  ]);
});

test.each([
  [
    'There are no other offers, we have decided to sell the van to the school, should we tell them now?',
    'Sell the van to the school',
  ],
  ['That should be enough, we agreed to hire a second cook.', 'Hire a second cook'],
])('decided: %s', async (words, decision) => {
  expect(await decisionsOf(`Dora: ${words}`)).toEqual([decision]);
});

test.each([
  'We decided to paint the hall, is that right?',
  'We agreed to sell the van, or should we keep it another year?',
  'He said, we have decided to sell the van.',
  'If they pay, we agreed to deliver the goods.',
  'I am not sure whether it helps, we agreed to wait for them.',
])('not decided: %s', async (words) => {
  expect(await decisionsOf(`Dora: ${words}`)).toEqual([]);
});

test.each<[lines: string[], question: string]>([
  [
    [
      'Dora: Thanks, how about the catering, should we book the same company again?',
      'Emil: We do not know that their old price still counts, somebody must check.',
      'Farid: So that is still an open question, who is going to call the company.',
      'Dora: I will call the company tomorrow.',
    ],
    'Should we book the same company again?',
  ],
  [
    [
      'Dora: What about the garden do we plant the trees in spring?',
      'Emil: We still do not know how good the ground is.',
    ],
    'Do we plant the trees in spring?',
  ],
  [
    [
      'Dora: Okay, next point, do we need a second van?',
      'Emil: Let’s leave that open until May, Farid, please order new tyres by Friday.',
    ],
    'Do we need a second van?',
  ],
  [
    ['Dora: Do we extend the lease, we do not know, Emil, can you ask the landlord by Monday?'],
    'Do we extend the lease?',
  ],
  [['Dora: Should we open a second shop, let’s leave that open.'], 'Should we open a second shop?'],
  [['Dora: Who will lead the workshop?', 'Emil: Nobody knows at the moment.'], 'Who will lead the workshop?'],
])('%j leaves one question open', async (lines, question) => {
  expect(await questionsOf(...lines)).toEqual([question]);
});

test('the open question comes with the words that ask it and all that leave it open', async () => {
  const { questions } = await read(
    'Dora: Thanks, do we rent the big hall?',
    'Emil: We do not know what it costs.',
    'Farid: That is still an open question who is going to ask them.',
    'Dora: I will ask them.',
  );
  expect(questions).toEqual([
    {
      text: 'Do we rent the big hall?',
      status: 'open',
      evidence: [
        { segmentId: 's0', quote: 'do we rent the big hall?' },
        { segmentId: 's1', quote: 'We do not know what it costs.' },
        { segmentId: 's2', quote: 'That is still an open question who is going to ask them.' },
      ],
    },
  ]);
});

test.each([
  [['Dora: Can you hear me?', 'Emil: We do not know this room well.']],
  [['Dora: Emil, can you paint the door?', 'Emil: We do not know which colour.']],
  [['Dora: Who is going to water the plants?', 'Emil: I will.', 'Dora: Good, that was still open.']],
  [['Dora: The open question is who calls the bank.', 'Emil: I will call the bank.']],
  [['Dora: Do we rent the hall?', 'Emil: Yes, for two days.', 'Farid: We do not know the owner, though.']],
  [['Dora: The hall is nice.', 'Emil: We do not know what it costs.']],
])('%j leaves nothing open', async (lines) => {
  expect(await questionsOf(...lines)).toEqual([]);
});

test('somebody else’s promise does not answer who does it', async () => {
  expect(
    await questionsOf('Dora: The open question is who calls the bank.', 'Emil: I will bring cake tomorrow.'),
  ).toEqual(['Who calls the bank?']);
});
