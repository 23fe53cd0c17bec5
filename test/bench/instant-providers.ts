/** Fakes of the ports that answer at once, or after `latencyMs`: what is left is the pipeline's own time. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Segment } from '../../src/domain/meeting';
import type { Calendar, ExtractionInput, Extractor, Mailer } from '../../src/ports';

const MADE_BY = { provider: 'instant', model: 'instant', quality: 'standard', promptVersion: '1' } as const;

/** About 2,500 words: so much talk brings one item of each kind. */
const CHARS_PER_ITEM = 14_000;

/** Finds tasks, decisions and questions in turn in the first segments that have words enough; more in longer meetings. */
function found({ segments }: ExtractionInput) {
  const said = segments.filter(({ text }) => text.length > 20);
  const chars = said.reduce((sum, { text }) => sum + text.length, 0);
  const each = Math.max(1, Math.round(chars / CHARS_PER_ITEM));
  const words = ({ text }: Segment) => text.slice(0, 200);
  const citing = ({ id, text }: Segment) => [{ segmentId: id, quote: text }];
  const everyThird = (first: number) => said.slice(0, 3 * each).filter((_, n) => n % 3 === first);
  return {
    tasks: everyThird(0).map((segment) => ({
      name: words(segment),
      ownerText: segment.speaker,
      deadlineText: 'by Friday',
      category: null,
      evidence: citing(segment),
    })),
    decisions: everyThird(1).map((segment) => ({ text: words(segment), evidence: citing(segment) })),
    questions: everyThird(2).map((segment) => ({
      text: words(segment),
      status: 'open' as const,
      evidence: citing(segment),
    })),
  };
}

export function instantProviders(latencyMs: number): {
  extractor: Extractor;
  mailer: Mailer;
  calendar: Calendar;
} {
  const answer = async <T>(value: T): Promise<T> => {
    if (latencyMs > 0) await pause(latencyMs);
    return value;
  };
  return {
    extractor: {
      provider: 'instant',
      extract: (input) => answer({ ...MADE_BY, ...found(input), coverage: 1, tokens: null, rejected: 0 }),
    },
    mailer: { provider: 'instant', send: () => answer({ providerMessageId: null }) },
    calendar: {
      provider: 'instant',
      put: () => answer({ etag: null }),
      remove: () => answer(undefined),
    },
  };
}
