import type { HeardSegment } from '../../src/domain/meeting';
import type { SpeechToText, TranscribeOptions } from '../../src/ports';
import type { ProviderError } from '../../src/provider-error';

const WORDS_PER_SECOND = 3;

/** One line a segment, `Speaker: words`, spoken one after the other; the sample fits into its 77 seconds. */
export function heard(lines: string[]): HeardSegment[] {
  let at = 0;
  return lines.map((line) => {
    const [, speaker = null, text = line] = /^(\w+): (.*)$/.exec(line) ?? [];
    const startMs = at;
    at += Math.ceil((text.split(' ').length / WORDS_PER_SECOND) * 1000);
    return { startMs, endMs: at, text, confidence: 1, speaker, words: [] };
  });
}

/**
 * A speech engine that says what it was told, for tests of what the pipeline does with an engine's answers: it can
 * break after a number of segments, refuse for good, or wait until it is let go on.
 */
export class ScriptedSpeech implements SpeechToText {
  readonly provider = 'scripted';
  readonly limits = { maxPieceSeconds: null, concurrency: 1, resumable: true };
  /** `fromMs` of every call. */
  readonly calls: number[] = [];
  /** How the calls to come break, first first; a call without an entry succeeds. */
  breaks: { afterSegments: number; error: ProviderError }[] = [];
  /** While set, a call waits after its first segment until this is settled or the call is cancelled. */
  hold: Promise<void> | null = null;

  constructor(private readonly lines: string[]) {}

  async transcribe(_wavPath: string, options: TranscribeOptions) {
    this.calls.push(options.fromMs);
    const failure = this.breaks.shift();
    const segments = heard(this.lines).filter((segment) => segment.startMs >= options.fromMs);
    for (const [index, segment] of segments.entries()) {
      if (failure && index === failure.afterSegments) throw failure.error;
      await options.onSegment(segment);
      if (this.hold) await Promise.race([this.hold, aborted(options.signal)]);
    }
    return { provider: this.provider, model: 'script', quality: 'draft' as const, language: 'en' };
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const stop = () => reject(new Error('aborted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
