import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Where a secret or an address could stand in what we log, at any of the depths that occur. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'apiKey', 'email', 'databaseUrl'];
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** What Postgres adds to an error to be helpful: the row that failed, the statement around it. */
const QUOTES = new Set(['detail', 'where', 'internalQuery']);
/** Data exceptions (SQLSTATE class 22) quote the value in their message. */
const IN_MESSAGE = /"[^"]*"/g;

type Fields = Record<string, unknown>;

/** An error as it is logged. Those of Postgres, wrapped or not, say what is wrong with which table, and quote no row. */
function loggedError(error: Error): unknown {
  return withoutRows({ ...pino.stdSerializers.err(error) });
}

function withoutRows(fields: Fields): Fields {
  const quotesValue = [fields, fields.nativeError as Fields | undefined].some((each) =>
    String(each?.code).startsWith('22'),
  );
  const entries = Object.entries(fields).filter(([name]) => !QUOTES.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'nativeError' && value) return [name, withoutRows({ ...(value as Fields) })];
      const isText = name === 'message' || name === 'stack';
      return [name, isText && quotesValue ? String(value).replace(IN_MESSAGE, '"…"') : value];
    }),
  );
}

/** JSON lines on standard output or `destination`, with the process's name in each. */
export function createLogger(name: string, level = 'info', destination?: DestinationStream): Logger {
  const redact = { paths: REDACTED, censor: '[redacted]' };
  const options = { name, level, redact, serializers: { err: loggedError } };
  return destination ? pino(options, destination) : pino(options);
}
