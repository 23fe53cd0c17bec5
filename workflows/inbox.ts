/** Receives a run's signals. Handlers only note what was asked: what to do about it is planned from Postgres. */
import { defineSignal, setHandler } from '@temporalio/workflow';
import type { SignalledRequest } from '../activities/plan-work';
import { text } from '../src/domain/text';
import { CANCEL, REEXTRACT, RETRANSCRIBE } from './messages';

/** As long as `requests.request_id` and a person's instructions may be. */
const MAX_ID_LENGTH = 100;
const MAX_TEXT_LENGTH = 2000;

const WANTED = `{"requestId": text of 1 to ${MAX_ID_LENGTH} characters}`;

const cleaned = (value: unknown): unknown => (typeof value === 'string' ? text(value) : value);

const optionalText = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH);

/** Typed by hand or not, Postgres must be able to take it: a run that can't write a request down is stuck. */
function readRequest(kind: SignalledRequest['kind'], argument: unknown): SignalledRequest | null {
  if (typeof argument !== 'object' || argument === null) return null;
  const fields = argument as Record<string, unknown>;
  const [requestId, instructions, language] = ['requestId', 'instructions', 'language'].map((name) =>
    cleaned(fields[name]),
  );
  if (typeof requestId !== 'string' || requestId.length === 0 || requestId.length > MAX_ID_LENGTH)
    return null;
  if (!optionalText(instructions) || !optionalText(language)) return null;
  return { kind, requestId, instructions: instructions ?? null, language: language ?? null };
}

export class Inbox {
  private requests: SignalledRequest[] = [];

  /**
   * Registers the handlers; call before the first await. `onCancel` is called at once, so that running work stops;
   * `onIgnored` gets a sentence for the operator whose signal could not be read.
   */
  constructor(
    private readonly onCancel: () => void,
    private readonly onIgnored: (note: string) => void,
  ) {
    this.listen(REEXTRACT, 'extract');
    this.listen(RETRANSCRIBE, 'transcribe');
    this.listen(CANCEL, 'cancel');
  }

  get hasRequests(): boolean {
    return this.requests.length > 0;
  }

  /** Hands over what was asked since the last call. */
  take(): SignalledRequest[] {
    const taken = this.requests;
    this.requests = [];
    return taken;
  }

  private listen(signal: string, kind: SignalledRequest['kind']): void {
    setHandler(
      defineSignal<[unknown]>(signal),
      (argument) => {
        const request = readRequest(kind, argument);
        if (!request) return this.onIgnored(`ignored a \`${signal}\` signal: it needs ${WANTED}`);
        this.requests.push(request);
        if (kind === 'cancel') this.onCancel();
      },
      { description: `${kind}: {"requestId": "any new text"}` },
    );
  }
}
