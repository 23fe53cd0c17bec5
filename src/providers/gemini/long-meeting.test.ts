import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  startGemini,
  stopped,
  type Gemini,
  type Mind,
  type Shown,
} from '../../../test/support/vendors/gemini';
import { extractorOn, meeting, said, type Spoken } from '../../../test/support/vendors/gemini/meeting';
import { projectRoot } from '../../project-root';
import type { GeminiSettings } from '.';

let gemini: Gemini;
beforeEach(async () => {
  gemini = await startGemini();
});
afterEach(async () => {
  await gemini.standIn.close();
  expect(gemini.standIn.violations).toEqual([]);
});

const read = (mind: Mind, change: Partial<GeminiSettings>, of = meeting([])) => {
  gemini.think(mind);
  return extractorOn(gemini, change).extract(of, { signal: new AbortController().signal });
};

/** A model that finds every line with "I will". */
const finder = ({ lines }: Shown) => ({
  actionItems: lines
    .filter(({ words }) => /^I will/.test(words))
    .map(({ number, speaker, words }) => ({
      name: words.replace('I will ', ''),
      owner: speaker,
      evidence: [{ line: number, quote: words }],
    })),
});
const promises = (count: number): Spoken[] =>
  Array.from({ length: count }, (_, i) => [
    i % 2 ? 'Anna' : 'Ben Ode',
    `I will write chapter ${i + 1} today`,
  ]);

describe('an answer that does not fit', () => {
  it('is asked for in halves, until it fits', async () => {
    const lines = promises(40);
    const found = await read(
      (shown) => (shown.lines.length > 12 ? stopped('MAX_TOKENS', '{"actionItems":[{"na') : finder(shown)),
      {},
      meeting(lines),
    );
    expect(found.coverage).toBe(1);
    expect(found.tasks.map(({ name }) => name)).toEqual(
      lines.map(([, words]) => words.replace('I will ', '')),
    );
  });

  it('has a bound', async () => {
    await expect(read(() => stopped('MAX_TOKENS'), {}, meeting(promises(400)))).rejects.toMatchObject({
      code: 'gemini-answer-too-long',
      retryable: false,
    });
    expect(gemini.standIn.ledger).toHaveLength(31);
  });
});

describe('a long meeting', () => {
  it('what one window is refused for, the others do not lose; coverage says so', async () => {
    const lines = promises(120);
    const found = await read(
      (shown) => (shown.lines[0]!.number === 1 ? stopped('SAFETY') : finder(shown)),
      { windowTokens: 600 },
      meeting(lines),
    );
    const unread = found.tasks[0]!.evidence[0]!.segmentId.slice(1);
    expect(found.coverage).toBeCloseTo((120 - (Number(unread) - 1)) / 120, 10);
    expect(found.tasks.at(-1)!.name).toBe('write chapter 120 today');
  });

  it('what two windows both see is found once', async () => {
    const lines = promises(120);
    const found = await read(finder, { windowTokens: 600 }, meeting(lines));
    const shown = gemini.shown().flatMap((window) => window.lines);
    expect(shown.length).toBeGreaterThan(lines.length + 5);
    expect(found.tasks.map(({ name }) => name)).toEqual(
      lines.map(([, words]) => words.replace('I will ', '')),
    );
  });

  const file = path.join(projectRoot, '../shared/data/meetings/qmsum-covid_1.json');
  const there = existsSync(file);
  if (!there) console.warn(`The long meeting is not at ${file}: it was not read.`);

  it('of 23,674 words is read to its last line', async () => {
    if (!there) return;
    const { turns } = JSON.parse(readFileSync(file, 'utf8')) as {
      turns: { speaker: string; text: string }[];
    };
    const long = {
      ...meeting([]),
      segments: said(turns.map(({ speaker, text }): Spoken => [speaker, text])),
    };
    const found = await read(
      ({ lines }) => {
        const last = lines.at(-1)!;
        return {
          decisions: [
            { text: last.words.slice(0, 60), evidence: [{ line: last.number, quote: last.words }] },
          ],
        };
      },
      {},
      long,
    );
    const windows = gemini.shown().map(({ lines }) => lines);
    const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
    const heard = new Map(windows.flat().map((line) => [line.number, line.words]));
    expect(words([...heard.values()].join(' '))).toBe(words(turns.map(({ text }) => text).join(' ')));
    expect(found.coverage).toBe(1);
    expect(windows.length).toBeGreaterThanOrEqual(3);
    expect(windows.length).toBeLessThanOrEqual(6);
    for (const [index, window] of windows.slice(1).entries())
      expect(window[0]!.number).toBeLessThanOrEqual(windows[index]!.at(-1)!.number);
  });
});
