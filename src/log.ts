import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** Where a secret or an address could stand in what we log, at any of the depths that occur. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'apiKey', 'email', 'databaseUrl'];
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** JSON lines on standard output, with the process's name in each. */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({ name, level, redact: { paths: REDACTED, censor: '[redacted]' } });
}
