import fc from 'fast-check';
import type { HeardSegment, Participant, VoiceTurn } from '../meeting';
import { assemble } from './assemble';
import { cutByVoice } from './cut';
import { byFirstName } from './first-names';
import { voiceAt } from './voice-at';

const turn = (startMs: number, endMs: number, voice: number | null): VoiceTurn => ({ startMs, endMs, voice });
const at = (startMs: number, endMs: number) => ({ startMs, endMs });

describe('whose turn a moment falls into', () => {
  const turns = [turn(0, 1000, 0), turn(1000, 1400, 1), turn(3000, 4000, null)];

  it.each([
    ['within a turn', at(100, 300), 0],
    ['across two, the longer share', at(800, 1300), 1],
    ['across two, as long in both', at(900, 1100), 0],
    ['of nobody in particular', at(3200, 3400), null],
    ['after a turn, near', at(1700, 1900), 1],
    ['after a turn, as far as near goes', at(1900, 2000), 1],
    ['between turns, far from both', at(1950, 2450), null],
    ['before an unsure turn', at(2600, 2900), null],
    ['without length, in a turn', at(500, 500), 0],
    ['long after the last', at(9000, 9100), null],
  ])('%s', (_what, stretch, voice) => {
    expect(voiceAt(turns, stretch)).toBe(voice);
  });

  it('is nobody’s when nobody was heard', () => expect(voiceAt([], at(0, 100))).toBeNull());

  it('adds up what one voice says around another', () => {
    expect(voiceAt([turn(0, 300, 0), turn(300, 700, 1), turn(700, 1000, 0)], at(0, 1000))).toBe(0);
  });
});

/** Words of 300 ms each. */
function heard(text: string, startMs = 0): HeardSegment {
  const words = text.split(' ').map((word, i) => ({
    startMs: startMs + i * 300,
    endMs: startMs + (i + 1) * 300,
    text: word,
  }));
  return { ...at(startMs, words.at(-1)!.endMs), text, confidence: 0.5, speaker: null, words };
}

describe('a segment cut by voices', () => {
  const pieces = (segment: HeardSegment, turns: VoiceTurn[]) =>
    cutByVoice(segment, turns).map(({ voice, text }) => [voice, text]);

  it('stays whole when one voice has nearly all of a sentence', () => {
    const turns = [turn(0, 2200, 0), turn(2200, 3000, 1)];
    expect(pieces(heard('one two three four five six seven eight nine ten.'), turns)).toEqual([
      [0, 'one two three four five six seven eight nine ten.'],
    ]);
  });

  it('does not give one stray word in the middle to another', () => {
    const turns = [turn(0, 1200, 0), turn(1200, 1800, 1), turn(1800, 2100, 2), turn(2100, 3000, 1)];
    expect(pieces(heard('a b c d e f g h i j'), turns)).toEqual([
      [0, 'a b c d'],
      [1, 'e f g h i j'],
    ]);
  });

  it('keeps the writing of the engine, spaces and all', () => {
    const segment = {
      ...heard('So, “yes” of course! And now: no way.'),
      text: ' So,  “yes” of course! And now: no way. ',
    };
    expect(pieces(segment, [turn(0, 1200, 0), turn(1200, 9000, 1)])).toEqual([
      [0, 'So,  “yes” of course!'],
      [1, 'And now: no way.'],
    ]);
  });

  it('joins the words where they are not written as they were heard', () => {
    const segment = { ...heard('twenty five. Fifty two.'), text: '25. 52.' };
    expect(pieces(segment, [turn(0, 600, 0), turn(600, 9000, 1)])).toEqual([
      [0, 'twenty five.'],
      [1, 'Fifty two.'],
    ]);
  });
});

const spoken = fc.array(fc.constantFrom('yes', 'No.', 'why?', 'well', 'of', 'course!', '…', 'Ω'), {
  minLength: 1,
});
const voices = fc.array(
  fc.record({ lengthMs: fc.integer({ min: 1, max: 3000 }), voice: fc.option(fc.nat({ max: 3 })) }),
);

it('whoever speaks when: no word is lost, doubled or moved, and times go on', () => {
  fc.assert(
    fc.property(fc.array(spoken, { minLength: 1, maxLength: 5 }), voices, (texts, lengths) => {
      let clock = 0;
      const segments = texts.map((words) => {
        const segment = heard(words.join(' '), clock);
        clock = segment.endMs + 100;
        return segment;
      });
      let from = 0;
      const turns = lengths.map(({ lengthMs, voice }) => turn(from, (from += lengthMs), voice));
      const pieces = assemble(segments, turns);
      expect(pieces.map(({ text }) => text).join(' ')).toBe(texts.flat().join(' '));
      for (const [i, { startMs, endMs, speaker, confidence }] of pieces.entries()) {
        expect(endMs).toBeGreaterThanOrEqual(startMs);
        expect(startMs).toBeGreaterThanOrEqual(pieces[i - 1]?.startMs ?? 0);
        expect(speaker ?? 'Speaker 1').toMatch(/^Speaker [1-4]$/);
        expect(confidence).toBe(0.5);
      }
      const labels = [...new Set(pieces.flatMap(({ speaker }) => speaker ?? []))];
      expect(labels).toEqual(labels.map((_, i) => `Speaker ${i + 1}`));
    }),
  );
});

describe('confidence of joined words', () => {
  const said = (text: string, confidence: number | null, startMs: number) => ({
    ...at(startMs, startMs + 500),
    text,
    confidence,
    speaker: 'Anna',
    words: [],
  });

  it('weighs the longer more, and is unknown when one is', () => {
    const [joined] = assemble([said('aaa', 1, 0), said('b', 0, 600)], null);
    expect(joined).toMatchObject({ text: 'aaa b', confidence: 0.75, startMs: 0, endMs: 1100 });
    expect(assemble([said('aaa', 1, 0), said('b', null, 600)], null)[0]?.confidence).toBeNull();
  });
});

describe('first names by their sound', () => {
  const people = (...names: string[]): Participant[] =>
    names.map((name) => ({ userId: name, name, email: '' }));
  const who = (name: string, ...names: string[]) => byFirstName(people(...names))(name)?.name ?? null;

  it.each([
    ['Karol', 'Carol Lind'],
    ['Filip', 'Philip'],
    ['Jon', 'John'],
    ['Zoe', 'Zoë'],
    ['Soe', 'Zoe'],
    ['Erik', 'Eric'],
    ['Rebeca', 'Rebecca'],
    ['Lyn', 'Lynn'],
    ['MARK', 'Marc'],
    ['Tomas', 'Thomas'],
    ['Nick', 'Nik'],
  ])('%s is %s', (heardAs, name) => expect(who(heardAs, name, 'Xaver')).toBe(name));

  it.each([
    ['Anne', 'Anna'],
    ['Marie', 'Maria'],
    ['Dan', 'Dana'],
    ['', 'Anna'],
    ['Lind', 'Carol Lind'],
    ['Cecile', 'Kekile'],
  ])('%j is not %s', (heardAs, name) => expect(who(heardAs, name)).toBeNull());

  it('names nobody when two sound the same, and the third is still known', () => {
    expect(who('Carol', 'Carol', 'Karol', 'Ben')).toBeNull();
    expect(who('Karl', 'Carl', 'Karl', 'Carle')).toBeNull();
    expect(who('Ben', 'Carol', 'Karol', 'Ben')).toBe('Ben');
  });

  it.each(['\u200b', '  ', '...', '🎉'])('nobody is called %j by accident', (name) => {
    expect(who('Ben', name, 'Ben')).toBe('Ben');
  });
});
