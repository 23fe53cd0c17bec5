/** Tells an outage of Postgres from our own mistakes. */

/** Of the network; and of Postgres: shutting down, starting, out of connections, read-only after a fail-over. */
const CODES =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08...|57P0[123]|53300|25006|40001|40P01)$/;
/** What pg and knex throw without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** True when the same request may succeed in a moment. Errors may come in an AggregateError (one per address). */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const { code, nativeError } = error as { code?: unknown; nativeError?: unknown };
  return (
    error.name === 'KnexTimeoutError' ||
    MESSAGES.test(error.message) ||
    (typeof code === 'string' && CODES.test(code)) ||
    (nativeError !== undefined && isDatabaseAway(nativeError))
  );
}
