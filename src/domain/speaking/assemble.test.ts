import type { HeardSegment, VoiceTurn } from '../meeting';
import { assemble } from './assemble';

/** A segment whose words take 300 ms each. */
function heard(startMs: number, text: string, more: Partial<HeardSegment> = {}): HeardSegment {
  const words = text.split(' ').map((word, i) => ({
    startMs: startMs + i * 300,
    endMs: startMs + i * 300 + 300,
    text: word,
  }));
  const endMs = words.at(-1)?.endMs ?? startMs;
  return { startMs, endMs, text, confidence: 0.9, speaker: null, words, ...more };
}
const turn = (startMs: number, endMs: number, voice: number | null): VoiceTurn => ({ startMs, endMs, voice });
const said = (segments: HeardSegment[], voices: VoiceTurn[] | null) =>
  assemble(segments, voices).map(({ speaker, text }) => `${speaker ?? '?'}: ${text}`);

describe('assemble', () => {
  it('numbers speakers by their first words, whatever the voices are called', () => {
    const voices = [turn(0, 900, 4), turn(900, 2000, 1), turn(5000, 6000, 4)];
    expect(
      said([heard(0, 'Good morning all.'), heard(900, 'Hello to you.'), heard(5000, 'We begin.')], voices),
    ).toEqual(['Speaker 1: Good morning all.', 'Speaker 2: Hello to you.', 'Speaker 1: We begin.']);
  });

  it('cuts between sentences even when the times are a little off', () => {
    const segment = heard(0, 'Please book a room. Sure, I will do that.');
    expect(said([segment], [turn(0, 1500, 0), turn(1500, 9000, 1)])).toEqual([
      'Speaker 1: Please book a room.',
      'Speaker 2: Sure, I will do that.',
    ]);
  });

  it('cuts between words when one sentence holds two voices', () => {
    const segment = heard(0, 'please book a room now sure I will do that');
    expect(said([segment], [turn(0, 1500, 0), turn(1500, 9000, 1)])).toEqual([
      'Speaker 1: please book a room now',
      'Speaker 2: sure I will do that',
    ]);
  });

  it('gives times of the words to what it cuts', () => {
    const segment = heard(1000, 'Yes please. Of course.');
    const [first, second] = assemble([segment], [turn(1000, 1600, 0), turn(1600, 3000, 1)]);
    expect(first).toMatchObject({ startMs: 1000, endMs: 1600, confidence: 0.9 });
    expect(second).toMatchObject({ startMs: 1600, endMs: 2200 });
  });

  it('joins what one speaker says, a sentence that was cut first of all', () => {
    const voices = [turn(0, 9000, 0)];
    expect(
      said([heard(0, 'We drop the old'), heard(1200, 'tablet version.'), heard(2000, 'Right.')], voices),
    ).toEqual(['Speaker 1: We drop the old tablet version. Right.']);
  });

  it('starts a new segment after a pause and when one gets too long', () => {
    const voices = [turn(0, 99_000, 0)];
    expect(said([heard(0, 'One.'), heard(5000, 'Two.')], voices)).toHaveLength(2);
    expect(
      said([heard(0, 'One.'), { ...heard(300, 'Two.'), endMs: 40_000, words: [] }], voices),
    ).toHaveLength(2);
  });

  it('leaves words of an unsure voice without a speaker, and does not mix them', () => {
    const voices = [turn(0, 900, 0), turn(900, 1800, null), turn(1800, 3000, 1)];
    const segments = [
      heard(0, 'We are done.'),
      heard(900, 'Oh.'),
      heard(1300, 'Hm.'),
      heard(1800, 'Good to hear.'),
    ];
    expect(said(segments, voices)).toEqual([
      'Speaker 1: We are done.',
      '?: Oh.',
      '?: Hm.',
      'Speaker 2: Good to hear.',
    ]);
  });

  it('gives an unsure stretch within one sentence to the voice around it', () => {
    const voices = [turn(0, 900, 0), turn(900, 1800, null), turn(1800, 3000, 0)];
    expect(said([heard(0, 'we have seen that there is a little more to do')], voices)).toEqual([
      'Speaker 1: we have seen that there is a little more to do',
    ]);
  });

  it('takes the nearest voice for a word beside its turn, none for words far from any', () => {
    const voices = [turn(1000, 2000, 0)];
    expect(said([heard(600, 'So.')], voices)).toEqual(['Speaker 1: So.']);
    expect(said([heard(9000, 'So.')], voices)).toEqual(['?: So.']);
  });

  it('lets the speaker win whom the engine names', () => {
    expect(said([heard(0, 'Hello.', { speaker: 'Anna' })], [turn(0, 900, 0)])).toEqual(['Anna: Hello.']);
  });

  it('knows no speakers when nobody listened for voices, and loses no words', () => {
    expect(said([heard(0, 'One.'), heard(900, 'Two.')], null)).toEqual(['?: One.', '?: Two.']);
  });

  it('uses the whole segment where the engine gives no words', () => {
    const voices = [turn(0, 900, 0), turn(900, 4000, 1)];
    expect(said([heard(0, 'Six of the eight words are hers.', { words: [] })], voices)).toEqual([
      'Speaker 1: Six of the eight words are hers.',
    ]);
  });
});
