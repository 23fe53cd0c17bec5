import type { HeardSegment } from '../../../src/domain/meeting';
import type { SpeechToText, TranscribeOptions } from '../../../src/ports';

export interface SpeechUnderTest {
  speech: SpeechToText;
  /** 16 kHz mono sound of somebody who speaks, and how long it is. */
  wav: string;
  durationMs: number;
  /** Words that must be heard in it. */
  words: RegExp;
}

/** What every `SpeechToText` promises, as tests; null = it can not be tried here (said loudly by who decides so). */
export function speechContract(name: string, make: () => Promise<SpeechUnderTest | null>): void {
  describe(`${name} as speech-to-text`, () => {
    let tried: SpeechUnderTest | null;
    beforeAll(async () => {
      tried = await make();
    }, 300_000);

    const hear = async (change: Partial<TranscribeOptions> = {}) => {
      const segments: HeardSegment[] = [];
      const result = await tried!.speech.transcribe(tried!.wav, {
        language: null,
        fromMs: 0,
        signal: new AbortController().signal,
        onSegment: async (segment) => void segments.push(segment),
        ...change,
      });
      return { result, segments };
    };

    it('hears the words, in order, each inside the recording', async () => {
      if (!tried) return;
      const { segments } = await hear();
      expect(segments.map(({ text }) => text).join(' ')).toMatch(tried.words);
      segments.forEach(({ startMs, endMs, text }, i) => {
        expect(text).toBe(text.trim());
        expect(text).not.toBe('');
        expect(startMs).toBeGreaterThanOrEqual(i === 0 ? 0 : segments[i - 1]!.startMs);
        expect(endMs).toBeGreaterThan(startMs);
        expect(endMs).toBeLessThanOrEqual(tried!.durationMs + 1);
      });
    }, 120_000);

    it('says whose work it is and what language it heard', async () => {
      if (!tried) return;
      const { result } = await hear({ language: 'en-GB' });
      expect(result).toMatchObject({ provider: tried.speech.provider, language: 'en' });
      expect(result.model).not.toBe('');
    }, 120_000);

    it('starts nothing when it was told to stop before', async () => {
      if (!tried) return;
      await expect(hear({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    }, 120_000);

    it('ends with the failure of whoever takes the segments', async () => {
      if (!tried) return;
      const onSegment = () => Promise.reject(new Error('the database is away'));
      await expect(hear({ onSegment })).rejects.toThrow('the database is away');
    }, 120_000);
  });
}
