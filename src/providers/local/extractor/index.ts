import type { ExtractionInput, ExtractionOutput, Extractor } from '../../../ports';
import { decisionsIn } from './decisions';
import { questionsIn } from './questions';
import { readingOf } from './reading';
import { tasksIn } from './tasks';

/** Changes whenever the rules find something else than before. */
const RULES_VERSION = 'rules-2';

/**
 * The extractor that needs no key: reads a meeting by rules alone. English; finds what is said plainly and leaves out
 * the rest. A person's instructions can't be followed by rules and change nothing.
 */
export class LocalExtractor implements Extractor {
  readonly provider = 'local';

  extract(input: ExtractionInput): Promise<ExtractionOutput> {
    const reading = readingOf(input);
    return Promise.resolve({
      provider: this.provider,
      model: 'rules',
      quality: 'draft',
      promptVersion: RULES_VERSION,
      coverage: 1,
      tokens: null,
      rejected: 0,
      tasks: tasksIn(reading),
      decisions: decisionsIn(reading),
      questions: questionsIn(reading),
    });
  }
}
