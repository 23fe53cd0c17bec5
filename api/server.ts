/** The Node server around the app: limits, and problem documents for what never reaches Koa. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { AppError, ERRORS, problemDocument } from './errors';

/** A client that has not said what it wants by then is not going to. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than the idle time of common load balancers (60 s): they close first, not we under a request. */
const KEEP_ALIVE_MS = 65_000;
/** No byte in either direction; the longest silence on purpose is `Prefer: wait=60`. */
const IDLE_MS = 120_000;
/** After the answer, the rest of a body that nobody reads has this long to arrive. */
const LEFTOVER_MS = 10_000;

/**
 * Listens. `port` 0 = any free one.
 *
 * There is no limit on a whole request (`requestTimeout` 0), which would cut slow uploads: JSON bodies have a deadline
 * in `body.ts`, uploads their own.
 */
export async function startServer(app: Koa, { host, port }: { host: string; port: number }): Promise<Server> {
  const callback = app.callback();
  const serve: RequestListener = (req, res) => {
    res.once('finish', () => {
      if (!req.complete) setTimeout(() => req.complete || req.destroy(), LEFTOVER_MS).unref();
    });
    if (req.headers.host === undefined)
      refuse(req.socket, new AppError('malformed-request', 'Host is missing.'));
    else void callback(req, res);
  };
  // Node itself would refuse a missing Host and an unknown Expect, but not with a problem document.
  const options = { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS, requireHostHeader: false };
  const server = createServer(options, serve);
  server.on('checkExpectation', serve);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.setTimeout(IDLE_MS);
  server.on('clientError', refuseBroken);
  server.on('connect', (_req, socket) =>
    refuse(socket, new AppError('method-not-allowed', 'This is no proxy.')),
  );
  server.on('upgrade', (_req, socket) =>
    refuse(socket, new AppError('malformed-request', 'No protocol to upgrade to.')),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

/** Where it listens. */
export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else refuse(socket, parseProblem(error.code));
}

function parseProblem(code: string | undefined): AppError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new AppError('header-too-large', 'All headers have at most 16 KB.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new AppError(
      'request-timeout',
      `The headers did not arrive within ${HEADERS_TIMEOUT_MS / 1000} s.`,
    );
  }
  return new AppError('malformed-request', 'The request could not be parsed.');
}

/** Writes the answer by hand: there is no response object yet. */
function refuse(socket: Duplex, error: AppError): void {
  const requestId = randomUUID();
  const body = JSON.stringify(problemDocument(error, requestId));
  const { status, title } = ERRORS[error.code];
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
