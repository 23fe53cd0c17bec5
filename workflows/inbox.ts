/** Receives a run's signals. Handlers only note what was asked: what to do about it is planned from Postgres. */
import { defineSignal, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { SignalledRequest } from '../activities/plan-work';
import { text } from '../src/domain/text';
import { CANCEL, REEXTRACT, RETRANSCRIBE } from './messages';
import { decoded, UNDECODED } from './undecoded';

/** As long as `requests.request_id` and a person's instructions may be. */
const MAX_ID_LENGTH = 100;
const MAX_TEXT_LENGTH = 2000;

const SIGNALS = { extract: REEXTRACT, transcribe: RETRANSCRIBE, cancel: CANCEL } as const;
type Kind = SignalledRequest['kind'];
const KINDS = Object.keys(SIGNALS) as Kind[];

const WANTED = `it needs {"requestId": text of 1 to ${MAX_ID_LENGTH} characters}`;
const REUSED = 'its requestId was used for something else; take a new one';

const cleaned = (value: unknown): unknown => (typeof value === 'string' ? text(value) : value);

const optionalText = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH);

/** Typed by hand or not, Postgres must be able to take it: a run that can't write a request down is stuck. */
function readRequest(kind: Kind, argument: unknown): SignalledRequest | null {
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

  /** Registers the handlers; call before the first await. `onIgnored` gets a sentence for whoever sent the signal. */
  constructor(private readonly onIgnored: (note: string) => void) {
    this.takeThoseBefore();
    for (const kind of KINDS) this.listen(kind);
  }

  get hasRequests(): boolean {
    return this.requests.length > 0;
  }

  get hasCancel(): boolean {
    return this.requests.some(({ kind }) => kind === 'cancel');
  }

  /** Hands over what was asked since the last call, in the order it came. */
  take(): SignalledRequest[] {
    const taken = this.requests;
    this.requests = [];
    return taken;
  }

  /** What an earlier run received and did not come to write down. */
  carry(requests: SignalledRequest[]): void {
    this.requests.unshift(...requests);
  }

  /** The run's own cancellation is one more `cancel`. */
  cancelRun(runId: string): void {
    this.requests.push({
      kind: 'cancel',
      requestId: `cancelled run ${runId}`,
      instructions: null,
      language: null,
    });
  }

  /** Says that these signals did nothing: their ids belong to requests of another kind. */
  refuse(kinds: Kind[]): void {
    for (const kind of kinds) this.ignore(kind, REUSED);
  }

  /**
   * Signals that came before the run began wait for handlers, and each handler would take its own: a cancellation and
   * what was asked after it would change places. One for all takes them as they came. It gets them decoded, and throws,
   * without the one that can't be.
   */
  private takeThoseBefore(): void {
    for (let waiting = true; waiting;) {
      try {
        setDefaultSignalHandler((name, argument) => {
          const kind = KINDS.find((one) => SIGNALS[one] === name);
          if (kind) this.receive(kind, argument);
        });
        waiting = false;
      } catch {
        this.onIgnored(`ignored a signal: ${WANTED}`);
      }
    }
    setDefaultSignalHandler(undefined);
  }

  private listen(kind: Kind): void {
    setHandler(
      defineSignal<unknown[]>(SIGNALS[kind], { typeInfo: UNDECODED }),
      (argument) => this.receive(kind, decoded(argument)),
      { description: `${kind}: {"requestId": "any new text"}` },
    );
  }

  private receive(kind: Kind, argument: unknown): void {
    const request = readRequest(kind, argument);
    if (request) this.requests.push(request);
    else this.ignore(kind, WANTED);
  }

  private ignore(kind: Kind, reason: string): void {
    this.onIgnored(`ignored a \`${SIGNALS[kind]}\` signal: ${reason}`);
  }
}
