import type { Segment } from '../../../domain/meeting';
import { judgeTask } from '../../../domain/judge';
import { expectGrowth } from '../../../../test/support/growth';
import { LocalExtractor } from '.';

const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' };
const participants = [{ userId: 'a', name: 'Anna', email: 'anna@example.com' }];
const WORDS =
  'and so on friday we look at the second of the things that i will send you if you can by the end of it ';
const REPORT = 'I will send the report ';

test.each<[what: string, opening: string, unit: string, times: number, closing?: string]>([
  ['an hour without a full stop', '', WORDS, 1000],
  ['an hour of promises', '', 'i will send the report by friday and ', 400],
  ['an hour of decisions and doubts', '', 'if we decided to go but we have not agreed to it ', 400],
  ['a long word', '', 'a', 200_000],
  ['commas', REPORT, ',', 20_000, ' x'],
  ['questions joined by commas', '', 'do we keep the shop open, so, Anna, can you ask them, ', 1000],
  ['questions without commas', '', 'what about the shop do we keep it ', 2000],
  ['dots', REPORT, '. ', 20_000, ' x'],
  ['spaces', REPORT, ' ', 40_000, ' x'],
  ['digits', 'I will send it by ', '10 ', 50_000],
  ['quotes', 'I will ', '"’', 50_000],
])('%s: read at the price of its length', async (_, opening, unit, times, closing = '') => {
  await expectGrowth(async (count) => {
    const text = `${opening}${unit.repeat(count)}${closing}`;
    const segments: Segment[] = [
      { id: 's', speaker: 'Anna', startMs: null, endMs: null, confidence: null, text },
    ];
    const found = await new LocalExtractor().extract({ segments, participants, clock, instructions: null });
    for (const task of found.tasks) judgeTask(task, { segments, participants, clock });
  }, times);
});
