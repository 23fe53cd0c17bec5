/** Fakes of the ports that answer at once, or after `latencyMs`: what is left is the pipeline's own time. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Calendar, ExtractionInput, Extractor, Mailer } from '../../src/ports';

const MADE_BY = { provider: 'instant', model: 'instant', quality: 'standard', promptVersion: '1' } as const;

/** Finds one task, one decision and one question in the first three segments that have words enough. */
function found({ segments }: ExtractionInput) {
  const said = segments.filter(({ text }) => text.length > 20).slice(0, 3);
  const citing = (n: number) => said.slice(n, n + 1).map(({ id, text }) => ({ segmentId: id, quote: text }));
  const wordsOf = (n: number) => said[n]?.text.slice(0, 200) ?? 'nothing';
  return {
    tasks: [
      {
        name: wordsOf(0),
        ownerText: said[0]?.speaker ?? null,
        deadlineText: 'by Friday',
        category: null,
        evidence: citing(0),
      },
    ],
    decisions: [{ text: wordsOf(1), evidence: citing(1) }],
    questions: [{ text: wordsOf(2), status: 'open' as const, evidence: citing(2) }],
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
