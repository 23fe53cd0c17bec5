/** One HTTP call through SendGrid's own client, watched closely: what was written decides whether to try again. */
import http from 'node:http';
import https from 'node:https';
import type { Client as ClientType } from '@sendgrid/client';
import type { MailDataRequired, MailService as ServiceType } from '@sendgrid/mail';

/** SendGrid answers at once or is ill. Well within the minute that the activity has. */
const DEADLINE_MS = 30_000;
/** Its longest answer is a list of errors. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface Connection {
  apiKey: string;
  /** An origin; null = SendGrid's own. */
  baseUrl: string | null;
  deadlineMs?: number;
}

export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** As it really is: the package types the body as an object, but it can be a text or nothing. */
type ClientAnswer = Omit<Answered, 'status'> & { statusCode: number };

export interface Unanswered {
  status: null;
  /** The connection stood: SendGrid may have read the mail and taken it. */
  reached: boolean;
  /** The system's word for it, such as ECONNRESET. */
  why: string;
}

/**
 * Sends once. Never throws what the client throws: its errors hold the request, key included.
 * The client is loaded with the first mail (17 MiB), and each mail gets its own: the package's default is shared by
 * everybody in the process, and what happened to a connection must not be mistaken for another's.
 */
export async function call(
  message: MailDataRequired,
  connection: Connection,
): Promise<Answered | Unanswered> {
  const { MailService, Client } = await library();
  let reached = false;
  const client = new Client();
  // A header, because `setApiKey` would set the address back and warn of keys that a gateway gave out.
  client.setDefaultHeader('Authorization', `Bearer ${connection.apiKey}`);
  client.setDefaultRequest({
    ...(connection.baseUrl !== null && { baseUrl: connection.baseUrl }),
    signal: AbortSignal.timeout(connection.deadlineMs ?? DEADLINE_MS),
    maxContentLength: MAX_ANSWER_BYTES,
    // The client's own error class fails in folders like `c++` and then never settles.
    validateStatus: () => true,
    transport: watched(() => {
      reached = true;
    }),
  } as never);
  const service = new MailService();
  service.setClient(client);
  try {
    const [{ statusCode, headers, body }] = (await service.send(message)) as [ClientAnswer, unknown];
    return { status: statusCode, headers, body };
  } catch (error) {
    return { status: null, reached, why: systemCode(error) };
  }
}

/** The package's own declarations forget that it exports its classes. */
async function library() {
  const modules = await Promise.all([import('@sendgrid/mail'), import('@sendgrid/client')]);
  return Object.assign({}, ...modules) as { MailService: typeof ServiceType; Client: typeof ClientType };
}

/**
 * Says when the connection stands, TLS included; before that nothing of the mail has left. Connections are not kept:
 * a reused one that the other side has just closed could not be told from a mail that was taken. Redirects are
 * answers here.
 */
function watched(onReached: () => void) {
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const secure = options.protocol === 'https:';
      const request = (secure ? https : http).request({ agent: false, ...options }, onResponse);
      request.once('socket', (socket) => {
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', onReached);
        else onReached();
      });
      return request;
    },
  };
}

/** @throws the error when it is none of the system or of HTTP, that is our own mistake. */
function systemCode(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') throw error;
  return /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'error';
}
