import { judgeTask } from '../../../domain/judge';
import type { Deadline, Segment } from '../../../domain/meeting';
import { LocalExtractor } from '.';

const participants = ['Anna', 'Ben', 'Carol'].map((name) => ({
  userId: name,
  name,
  email: `${name}@example.com`,
}));
const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

const segmentsOf = (lines: string[]): Segment[] =>
  lines.map((line, i) => {
    const [, speaker, text] = /^(\w+): (.*)$/.exec(line)!;
    return { id: `s${i}`, speaker: speaker!, text: text!, startMs: null, endMs: null, confidence: null };
  });

async function read(...lines: string[]) {
  const segments = segmentsOf(lines);
  const found = await new LocalExtractor().extract({ segments, participants, clock, instructions: null });
  const tasks = found.tasks.map((task) => judgeTask(task, { segments, participants, clock }));
  return { ...found, tasks };
}

const dueOf = (deadline: Deadline | null) => deadline && ('date' in deadline ? deadline.date : deadline.at);

test.each<[lines: string[], ...tasks: [owner: string, name: string, due: string | null][]]>([
  [['Ben: I will water the plants tomorrow.'], ['Ben', 'Water the plants', '2025-10-15']],
  [
    ['Ben: By Thursday I will send everyone the minutes.'],
    ['Ben', 'Send everyone the minutes', '2025-10-16'],
  ],
  [['Anna: I will have the report ready by Friday.'], ['Anna', 'Have the report ready', '2025-10-17']],
  [["Anna: I'm gonna call the printer."], ['Anna', 'Call the printer', null]],
  [["Anna: I'll get the quotes by the 20th."], ['Anna', 'Get the quotes', '2025-10-20']],
  [
    ['Anna: Ben, can you fix the tests by Friday?', 'Ben: Yes.'],
    ['Ben', 'Fix the tests', '2025-10-17'],
  ],
  [
    ['Anna: Can you chase the supplier by Friday?', 'Ben: Sure.'],
    ['Ben', 'Chase the supplier', '2025-10-17'],
  ],
  [
    ['Anna: Can you chase the supplier?', "Ben: Sure, I'll chase them tomorrow."],
    ['Ben', 'Chase the supplier', '2025-10-15'],
  ],
  [
    ['Anna: Could you look into the login bug, Ben?', "Ben: Okay, I'll look into it today."],
    ['Ben', 'Look into the login bug', '2025-10-14'],
  ],
  [
    ['Anna: I need you to prepare the budget by the end of next week, Carol.', 'Carol: No problem.'],
    ['Carol', 'Prepare the budget', '2025-10-24'],
  ],
  [
    ['Anna: Ben, can you fix the login by Friday?', 'Ben: I will fix it by Monday.'],
    ['Ben', 'Fix the login', '2025-10-20'],
  ],
  [
    ['Anna: Someone should update the help pages.', 'Ben: I can do that.'],
    ['Ben', 'Update the help pages', null],
  ],
  [
    ['Anna: Can somebody take the minutes?', 'Carol: I will.'],
    ['Carol', 'Take the minutes', null],
  ],
  [
    ['Anna: Ben, could you send me the numbers?', "Ben: I'll send them to you tonight."],
    ['Ben', 'Send Anna the numbers', '2025-10-14'],
  ],
  [
    [
      'Anna: Thanks.',
      "Ben: I will draft the letter, and then I'll send the contract to the lawyers on Wednesday.",
    ],
    ['Ben', 'Draft the letter', null],
    ['Ben', 'Send the contract to the lawyers', '2025-10-15'],
  ],
  [
    ['Anna: ben can you fix the payment tests by friday', 'Ben: yes i will fix the payment tests by friday'],
    ['Ben', 'Fix the payment tests', '2025-10-17'],
  ],
  [
    ['Ben: I will fix the tests.', 'Anna: Good.', 'Ben: So I will fix the tests by Friday.'],
    ['Ben', 'Fix the tests', '2025-10-17'],
  ],
])('%j: its owner has agreed', async (lines, ...expected) => {
  const { tasks } = await read(...lines);
  expect(tasks.map(({ ownerUserId, name, deadline }) => [ownerUserId, name, dueOf(deadline)])).toEqual(
    expected,
  );
  expect(tasks.every(({ agreed, needsReview }) => agreed && !needsReview)).toBe(true);
});

test.each([
  [['Anna: Ben, can you fix the tests by Friday?', 'Carol: What about the price?']],
  [['Anna: Ben, please send the contract to legal.', 'Ben: Hm.']],
  [['Anna: Ben will write the report by Monday.', 'Carol: Right.']],
  [['Anna: Ben will surely write the report.', 'Carol: Right.']],
  [['Anna: Someone should update the help pages.', 'Ben: Yes, true.']],
  [['Anna: Could you look into the login bug, Ben?', 'Ben: I could maybe look at it.']],
  [['Anna: Could you look into the login bug, Ben?', 'Ben: Yes, but not me.']],
  [['Anna: Everybody please send your comments by Thursday.', 'Ben: Okay.']],
  [['Ben: We will send the invoices by Friday.']],
  [['Speaker: I will send the invoices by Friday.']],
])('%j: at most for review', async (lines) => {
  const { tasks } = await read(...lines);
  expect(tasks.filter(({ agreed, needsReview }) => agreed || !needsReview)).toEqual([]);
});

test.each([
  [
    "I'll say this: we need time. I'll be honest with you. I'll share my screen. Let me just finish this slide.",
  ],
  [
    "I'm going to start by showing the numbers. I'll see you on Monday. I'll be back. We'll come back to this.",
  ],
  ["I won't send the report. I will not fix it. I would fix it if I had time. Will I send the report?"],
  [
    'I will now give the floor to Ben. I will answer the question. I will speak to the motion. We will hear the minister.',
  ],
  [
    "He said I will send the report. I'll think about it by Friday. Please mute yourselves. Thank you all. Goodbye.",
  ],
  ['If we decided to stop, we would lose money. We never agreed to that. We have not decided to do it.'],
  ['What is the capital of France? Any questions? How are you today? Can you hear me?'],
])('small talk and procedure yield nothing: %s', async (words) => {
  const { tasks, decisions, questions } = await read(`Anna: ${words}`, 'Ben: Okay.');
  expect({ tasks, decisions, questions }).toEqual({ tasks: [], decisions: [], questions: [] });
});

test('a refusal leaves no task', async () => {
  expect((await read('Anna: Ben, can you fix the tests?', "Ben: No, I can't.")).tasks).toEqual([]);
});

test.each([
  ["Let's go with the blue logo.", 'Go with the blue logo'],
  ["It's decided that we ship on Monday.", 'We ship on Monday'],
  ['The decision is to hire two more developers.', 'Hire two more developers'],
  ['We agreed not to raise the prices.', 'Do not raise the prices'],
  ["Okay, we've decided to, um, move the the launch.", 'Move the launch'],
])('decided: %s', async (words, decision) => {
  expect((await read(`Anna: ${words}`)).decisions.map(({ text }) => text)).toEqual([decision]);
});

test('said twice it is one decision with two citations', async () => {
  const { decisions } = await read(
    'Anna: We decided to move the launch.',
    'Ben: Yes, we agreed to move the launch.',
  );
  expect(decisions).toEqual([
    {
      text: 'Move the launch',
      evidence: [
        { segmentId: 's0', quote: 'We decided to move the launch.' },
        { segmentId: 's1', quote: 'we agreed to move the launch.' },
      ],
    },
  ]);
});

test.each([
  [['Anna: Who signs the contract?', "Ben: We don't know yet."], 'Who signs the contract?'],
  [['Anna: Should we raise prices? Let’s leave that open.'], 'Should we raise prices?'],
  [['Anna: The open question is whether we need a second vendor.'], 'Whether we need a second vendor?'],
  [
    ['Anna: Do we hire in spring?', 'Ben: Hm.', 'Carol: That is still an open question.'],
    'Do we hire in spring?',
  ],
])('%j stays open', async (lines, question) => {
  const { questions } = await read(...lines);
  expect(questions).toMatchObject([{ text: question, status: 'open' }]);
});

test('a question that is answered, or merely asked, is none', async () => {
  const { questions } = await read(
    'Anna: Who signs the contract?',
    'Ben: Carol does.',
    'Anna: Is it raining again?',
  );
  expect(questions).toEqual([]);
});

test('it says whose work this is', async () => {
  expect(await read('Anna: Hello.')).toMatchObject({
    provider: 'local',
    model: 'rules',
    quality: 'draft',
    promptVersion: 'rules-2',
    coverage: 1,
    tokens: null,
  });
});

test('nothing said, nothing found', async () => {
  expect(await read()).toMatchObject({ tasks: [], decisions: [], questions: [] });
});
