import { judgeTask } from '../../../src/domain/judge';
import type { Segment } from '../../../src/domain/meeting';
import type { ExtractionInput, Extractor } from '../../../src/ports';

const LINES = [
  ['Anna', 'Ben, can you send the budget by Friday?'],
  ['Ben', 'Yes, I will send the budget by Friday.'],
  ['Anna', 'We have decided to drop the old tablet version.'],
] as const;

const segments: Segment[] = LINES.map(([speaker, text], i) => ({
  id: `s${i + 1}`,
  speaker,
  startMs: i * 10_000,
  endMs: i * 10_000 + 9000,
  text,
  confidence: null,
}));

/** A short meeting in which Ben promises the budget by Friday: segment s2. */
export const shortMeeting = (change: Partial<ExtractionInput> = {}): ExtractionInput => ({
  segments,
  participants: ['Anna', 'Ben'].map((name) => ({ userId: name, name, email: `${name}@example.com` })),
  clock: { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' },
  instructions: null,
  ...change,
});

/** What every `Extractor` promises, as tests. */
export function extractorContract(name: string, make: () => Promise<Extractor>): void {
  describe(`${name} as an extractor`, () => {
    const read = async (input = shortMeeting()) =>
      (await make()).extract(input, { signal: new AbortController().signal });

    it('says who made the result and how much was read', async () => {
      const extractor = await make();
      const { provider, model, promptVersion, coverage, rejected } = await read();
      expect(provider).toBe(extractor.provider);
      expect(model).not.toBe('');
      expect(promptVersion).not.toBe('');
      expect([coverage, rejected]).toEqual([1, 0]);
    });

    it('gives owner, deadline and quotes as they were said, so that they can be verified', async () => {
      const input = shortMeeting();
      const { tasks } = await read(input);
      expect(tasks.map((task) => judgeTask(task, input))).toMatchObject([
        { ownerUserId: 'Ben', deadline: { date: '2025-10-17' }, agreed: true, needsReview: false },
      ]);
    });

    it('cites only segments of the meeting', async () => {
      const { tasks, decisions, questions } = await read();
      const cited = [...tasks, ...decisions, ...questions].flatMap(({ evidence }) => evidence);
      expect(cited.length).toBeGreaterThan(0);
      for (const { segmentId } of cited) expect(segments.map(({ id }) => id)).toContain(segmentId);
    });

    it('finds nothing where nothing was said, and has read all of it', async () => {
      expect(await read(shortMeeting({ segments: [] }))).toMatchObject({
        tasks: [],
        decisions: [],
        questions: [],
        coverage: 1,
      });
    });
  });
}
