import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { judgeTask } from '../../../domain/judge';
import type { Segment } from '../../../domain/meeting';
import { projectRoot } from '../../../project-root';
import { SAMPLE_AS_HEARD } from '../../../../test/support/sample-as-heard';
import { LocalExtractor } from '.';

const file = path.join(projectRoot, '../shared/data/audio/meeting-flite.json');
const there = existsSync(file);
if (!there) console.warn(`The sample meeting is not at ${file}: it was not read.`);

const participants = ['Anna', 'Ben', 'Carol'].map((name) => ({
  userId: name,
  name,
  email: `${name}@example.com`,
}));
const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

function turns(): { speaker: string; text: string }[] {
  return there
    ? (JSON.parse(readFileSync(file, 'utf8')) as { turns: { speaker: string; text: string }[] }).turns
    : [];
}

const asSegments = (lines: { speaker: string | null; text: string }[]): Segment[] =>
  lines.map((line, i) => ({ ...line, id: `s${i}`, startMs: null, endMs: null, confidence: null }));

/** How a speech engine writes the same words. */
const heard = (words: string) =>
  words
    .replace(/the tenth of November/g, 'the 10th of November')
    .replace('thirty days', '30 days')
    .replace('Yes. I will', 'Yes, I will')
    .replace("Let's leave", 'Lets leave')
    .replace('Okay. We', 'Okay, we');

/** An engine cuts at pauses, in the middle of sentences too. */
const inPieces = ({ speaker, text }: { speaker: string; text: string }) =>
  text.split(/(?<=,) |(?<=days) (?=wants)/).map((piece) => ({ speaker, text: piece }));

const lowerCase = (words: string) => words.toLowerCase().replace(/[.,]/g, '');

async function read(segments: Segment[]) {
  const input = { segments, participants, clock, instructions: null };
  const found = await new LocalExtractor().extract(input);
  const tasks = found.tasks.map((task) => judgeTask(task, { segments, participants, clock }));
  return { ...found, tasks };
}

const EXPECTED = [
  ['Ben', 'Fix the payment tests', '2025-10-17'],
  ['Ben', 'Send Anna a report', '2025-10-20'],
  ['Carol', 'Write the customer email and share the draft with everyone', '2025-10-22'],
  ['Anna', 'Talk to the finance team', '2025-10-15'],
  ['Carol', 'Book a room for the review', '2025-10-14'],
];

const variants: [string, () => Segment[]][] = [
  ['as written', () => asSegments(turns())],
  ['as a speech engine writes it', () => asSegments(turns().map((t) => ({ ...t, text: heard(t.text) })))],
  ['in pieces', () => asSegments(turns().flatMap(inPieces))],
];

const owned = (tasks: Awaited<ReturnType<typeof read>>['tasks']) =>
  tasks.map(({ ownerUserId, name, deadline }) => [
    ownerUserId,
    name,
    (deadline as { date: string } | null)?.date,
  ]);

describe.each(Object.entries(SAMPLE_AS_HEARD))('the sample meeting as heard from %s', (_, lines) => {
  const segments = asSegments(
    lines.map((line) => {
      const [, speaker, text] = /^([^:]+): (.*)$/.exec(line)!;
      return { speaker: speaker === '?' ? null : speaker!, text: text! };
    }),
  );

  test('its five tasks', async () => {
    const { tasks } = await read(segments);
    expect(owned(tasks)).toEqual(
      EXPECTED.map(([owner, name, date]) => [
        owner,
        expect.stringMatching(name!.replace('a room', '(?:a|the) room')),
        date,
      ]),
    );
    expect(tasks.every(({ agreed, needsReview }) => agreed && !needsReview)).toBe(true);
  });

  test('both decisions', async () => {
    expect((await read(segments)).decisions.map(({ text }) => text)).toEqual([
      'Move the launch to the 10th of November',
      'Drop support for the old tablet version',
    ]);
  });

  test('the two open questions, without the words around them, and quotes that stand there', async () => {
    const { questions } = await read(segments);
    expect(questions.map(({ text }) => text)).toEqual([
      'Do we keep the free trial at 30 days?',
      expect.stringMatching(/^Should we invite the support team to the launch review(?:ed)?\?$/),
    ]);
    for (const { segmentId, quote } of questions.flatMap(({ evidence }) => evidence))
      expect(segments.find(({ id }) => id === segmentId)!.text).toContain(quote);
  });
});

describe('the sample meeting', () => {
  test.each(variants)('%s: five tasks, two decisions, two open questions', async (_, segments) => {
    if (!there) return;
    const { tasks, decisions, questions } = await read(segments());
    expect(owned(tasks)).toEqual(EXPECTED);
    expect(tasks.every(({ agreed, needsReview }) => agreed && !needsReview)).toBe(true);
    expect(decisions.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Move the launch to the (?:tenth|10th) of November$/),
      'Drop support for the old tablet version',
    ]);
    expect(questions.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Do we keep the free trial at (?:thirty|30) days\?$/),
      'Should we invite the support team to the launch review?',
    ]);
  });

  test('in lower case without full stops the tasks are still right', async () => {
    if (!there) return;
    const { tasks } = await read(asSegments(turns().map((t) => ({ ...t, text: lowerCase(t.text) }))));
    const found = tasks.map(
      ({ ownerUserId, deadline }) => `${ownerUserId} ${(deadline as { date: string } | null)?.date}`,
    );
    const right = EXPECTED.map(([owner, , date]) => `${owner} ${date}`);
    expect(found.filter((task) => !right.includes(task))).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(4);
  });

  test('with a participant missing nobody gets that voice’s tasks', async () => {
    if (!there) return;
    const segments = asSegments(
      turns().map((t) => ({ ...t, speaker: t.speaker === 'Carol' ? 'Speaker 3' : t.speaker })),
    );
    const without = participants.filter(({ name }) => name !== 'Carol');
    const input = { segments, participants: without, clock, instructions: null };
    const { tasks } = await new LocalExtractor().extract(input);
    const theirs = tasks
      .map((task) => judgeTask(task, { segments, participants: without, clock }))
      .filter(({ ownerUserId }) => ownerUserId !== null)
      .map(({ ownerUserId, name }) => [ownerUserId, name]);
    expect(theirs).toEqual([
      ['Ben', 'Fix the payment tests'],
      ['Ben', 'Send Anna a report'],
      ['Anna', 'Talk to the finance team'],
    ]);
  });
});
