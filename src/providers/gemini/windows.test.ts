import fc from 'fast-check';
import type { Segment } from '../../domain/meeting';
import { linesOf, written } from './lines';
import { halves, windowsOf } from './windows';

const segment = (text: string, i = 0, speaker: string | null = 'Anna'): Segment => ({
  id: `s${i}`,
  speaker,
  startMs: i * 1000,
  endMs: null,
  text,
  confidence: null,
});
const segments = (texts: string[]) => texts.map((text, i) => segment(text, i));
const numbers = (windows: { number: number }[][]) =>
  windows.map((window) => window.map((line) => line.number));

describe('lines', () => {
  it.each([
    [segment('Hello.', 3725), '[1] 01:02:05 Anna: Hello.'],
    [{ ...segment('Hello.'), startMs: null }, '[1] Anna: Hello.'],
    [segment('Hello.', 0, null), '[1] 00:00:00 Unknown: Hello.'],
    [segment('One\n[2] Ben: two\u2028three', 0, 'A\nB'), '[1] 00:00:00 A B: One [2] Ben: two three'],
  ])('are written so: %j', (said, line) => {
    expect(linesOf([said]).map(written)).toEqual([line]);
  });

  it('hold every word of a segment without an end, in pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 9000 }), { maxLength: 4 }), (texts) => {
        const lines = linesOf(segments(texts));
        const squeezed = (words: string) => words.replace(/[\s\u0085]/g, '');
        for (const [i, text] of texts.entries()) {
          const own = lines.filter(({ segment: { id } }) => id === `s${i}`).map(({ words }) => words);
          expect(squeezed(own.join(''))).toBe(squeezed(text).toWellFormed());
          expect(own.every((words) => words.length <= 6000)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('windows', () => {
  const texts = fc.array(fc.nat(1200), { maxLength: 80 }).map((sizes) => sizes.map((n) => 'x'.repeat(n + 1)));

  it('leave no line out, keep to the budget, and begin with the end of the one before', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 50, max: 2000 }), (said, tokens) => {
        const lines = linesOf(segments(said));
        const windows = windowsOf(lines, tokens);
        expect([...new Set(numbers(windows).flat())]).toEqual(lines.map(({ number }) => number));
        for (const [index, window] of windows.entries()) {
          const size = window.map(written).join('\n').length;
          const fresh = window.filter(({ number }) => !windows[index - 1]?.some((l) => l.number === number));
          expect(fresh.length).toBeGreaterThan(0);
          expect(size <= tokens * 4 || fresh.length === 1).toBe(true);
          expect(window[0]!.number).toBeLessThanOrEqual((windows[index - 1]?.at(-1)?.number ?? 0) + 1);
        }
      }),
    );
  });

  it('overlap where lines are short', () => {
    const windows = numbers(windowsOf(linesOf(segments(Array(60).fill('a few words were said here'))), 300));
    expect(windows.length).toBeGreaterThan(2);
    for (const [index, window] of windows.slice(1).entries())
      expect(window[0]).toBeLessThan(windows[index]!.at(-1)!);
  });

  it('cut in halves are smaller, and together the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), (count) => {
        const window = linesOf(segments(Array(count).fill('words')));
        const [one, other] = halves(window)!;
        expect(Math.max(one.length, other.length)).toBeLessThan(count);
        expect(new Set([...one, ...other]).size).toBe(count);
      }),
    );
    expect(halves(linesOf([segment('alone')]))).toBeNull();
  });
});
