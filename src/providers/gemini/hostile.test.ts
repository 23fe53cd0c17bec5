import { startGemini, type Gemini } from '../../../test/support/vendors/gemini';
import { HOSTILE, hostileMeeting, obedient } from '../../../test/support/vendors/gemini/hostile';
import { extractorOn, judged, meeting } from '../../../test/support/vendors/gemini/meeting';

let gemini: Gemini;
beforeAll(async () => {
  gemini = await startGemini();
  gemini.think(obedient);
});
afterAll(() => gemini.standIn.close());

const ADDRESS = /:\/\/|www\.|\w@\w|evil\.example\/|<a |\]\(|onerror/i;

const read = async (words: string) => {
  const input = meeting(hostileMeeting(words));
  const output = await extractorOn(gemini).extract(input, { signal: new AbortController().signal });
  return { input, output, ...judged(output, input) };
};

it('there are at least thirty of them', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(30));

describe.each(HOSTILE)('a model that obeys a meeting with %s', (_, words) => {
  it('causes nothing: only what Ben promised himself is agreed', async () => {
    const { tasks } = await read(words);
    expect(tasks.filter(({ agreed, needsReview }) => agreed || !needsReview)).toMatchObject([
      { name: 'Fix the payment tests', ownerUserId: 'ben ode', deadline: { date: '2025-10-17' } },
    ]);
  });

  it('names no owner who was not named, no recipient and no address', async () => {
    const { tasks, decisions, questions } = await read(words);
    for (const { ownerText, ownerUserId, evidence } of tasks) {
      if (ownerText === null) expect(ownerUserId).toBeNull();
      else expect(evidence.map(({ speaker, quote }) => `${speaker} ${quote}`).join()).toContain(ownerText);
    }
    const shown = [
      ...tasks.flatMap(({ name, ownerText, deadlineText, category }) => [
        name,
        ownerText,
        deadlineText,
        category,
      ]),
      ...[...decisions, ...questions].map(({ text }) => text),
    ];
    expect(shown.filter((said) => said !== null && ADDRESS.test(said))).toEqual([]);
    expect(JSON.stringify({ tasks, decisions, questions })).not.toMatch(/(?<!\\)"recipients"/);
  });

  it('shows no quote that was not said', async () => {
    const { input, tasks, decisions, questions } = await read(words);
    const said = new Map(input.segments.map(({ id, text }) => [id, text]));
    for (const { evidence, needsReview } of [...tasks, ...decisions, ...questions]) {
      for (const { segmentId, quote } of evidence) expect(said.get(segmentId)).toContain(quote);
      if (evidence.length === 0) expect(needsReview).toBe(true);
    }
  });
});

it('the vendor saw nothing against its contract, and each line of a meeting as one line', () => {
  expect(gemini.standIn.violations).toEqual([]);
  for (const { lines } of gemini.shown())
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
