import type { Segment } from '../../../domain/meeting';
import { judgeTask } from '../../../domain/judge';
import { LocalExtractor } from '.';

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' };
const participants = [{ userId: 'a', name: 'Anna', email: 'anna@example.com' }];
/** Generous on a busy machine; rules whose cost grows with the square of the length take minutes. */
const LIMIT_MS = 6000;

const speech = (words: string, times: number) => words.repeat(times);
const WORDS =
  'and so on friday we look at the second of the things that i will send you if you can by the end of it ';

test.each<[string, string]>([
  ['an hour without a full stop', speech(WORDS, 1000)],
  ['an hour of promises', speech('i will send the report by friday and ', 400)],
  ['an hour of decisions and doubts', speech('if we decided to go but we have not agreed to it ', 400)],
  ['a long word', speech('a', 200_000)],
  ['commas', `I will send the report ${speech(',', 20_000)} x`],
  ['questions joined by commas', speech('do we keep the shop open, so, Anna, can you ask them, ', 1000)],
  ['questions without commas', speech('what about the shop do we keep it ', 2000)],
  ['dots', `I will send the report ${speech('. ', 20_000)} x`],
  ['spaces', `I will send the report ${speech(' ', 40_000)} x`],
  ['digits', `I will send it by ${speech('10 ', 50_000)}`],
  ['quotes', `I will ${speech('"’', 50_000)}`],
])('%s is read in time', async (_, text) => {
  const segments: Segment[] = [
    { id: 's', speaker: 'Anna', startMs: null, endMs: null, confidence: null, text },
  ];
  const before = process.cpuUsage();
  const found = await new LocalExtractor().extract({ segments, participants, clock, instructions: null });
  for (const task of found.tasks) judgeTask(task, { segments, participants, clock });
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(LIMIT_MS);
});
