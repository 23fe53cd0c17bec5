/**
 * Places where the fault suite interrupts a process: kills it, stops it, holds it. A test installs a hook in the process
 * before our program starts; without one, as always outside that suite, nothing happens. Not for workflow code.
 */
export type Failpoint =
  /** The media is in the store, no meeting yet. */
  | 'stored'
  /** The meeting is committed, Temporal not told. */
  | 'row-committed'
  /** Temporal knows, the client not yet. */
  | 'workflow-started'
  /** The speech service has answered, nothing is saved. */
  | 'stt-done'
  /** The model has answered for one window, nothing is saved. */
  | 'llm-chunk'
  /** The items are committed, the workflow not told. */
  | 'results-saved'
  /** The ledger says `sending`, the mailer was not called. */
  | 'mail-ledgered'
  /** The mailer has answered, the ledger still says `sending`. */
  | 'mail-sent'
  /** The entry stands on the calendar, which the ledger does not know. */
  | 'event-created';

type Hook = (name: Failpoint) => Promise<void>;

const HOOK: unique symbol = Symbol.for('meeting-pipeline.failpoint') as never;

/** Does what a test has ordered for this place; nothing when there is no test. */
export async function failpoint(name: Failpoint): Promise<void> {
  await (globalThis as { [HOOK]?: Hook })[HOOK]?.(name);
}
