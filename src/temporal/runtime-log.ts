import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { Logger } from '../log';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Lets the SDK and the workflows log through ours: one format, one level, one redaction. */
export function runtimeLog(log: Logger): TemporalLogger {
  const write = (level: LogLevel, message: string, { error, ...meta }: LogMetadata = {}) =>
    log[LEVELS[level]]({ ...meta, ...(error !== undefined && { err: error as unknown }) }, message);
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
