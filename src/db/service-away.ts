/** Tells an outage of Postgres or the store from our own mistakes. */

/**
 * Of the network; and of Postgres: shutting down, starting, out of connections, read-only after a fail-over, ending a
 * transaction that stood still, a deadlock.
 */
const CODES =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08(?!P01)...|57P0[123]|53300|25006|25P0[34]|40001|40P01)$/;
/** What pg and knex throw without a code; of a query knex writes its text before it. */
const MESSAGES =
  /(?:^| - )(Connection (terminated|ended)|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed)|Unable to acquire a connection)/;

/** By their looks, not their class: several versions of a library, or realms, may be about. */
interface Looks {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  /** What objection has wrapped. */
  nativeError?: unknown;
  /** Of an AggregateError: one per address that was tried. */
  errors?: unknown;
}

/** True when the same request may succeed in a moment. */
export function isServiceAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, message, nativeError, errors } = error as Looks;
  return (
    name === 'KnexTimeoutError' ||
    (typeof message === 'string' && MESSAGES.test(message)) ||
    (typeof code === 'string' && CODES.test(code)) ||
    isServiceAway(nativeError) ||
    (Array.isArray(errors) && errors.some(isServiceAway))
  );
}
