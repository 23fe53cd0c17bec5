/** The one table of everything that can go wrong in an answer. Adding a code without a status does not compile. */

export type ErrorCode =
  | 'calendar-consent-refused'
  | 'calendar-not-configured'
  | 'calendar-state-invalid'
  | 'cursor-invalid'
  | 'email-taken'
  | 'empty-file'
  | 'file-too-large'
  | 'header-too-large'
  | 'host-not-allowed'
  | 'idempotency-key-in-use'
  | 'idempotency-key-reused'
  | 'internal-error'
  | 'invalid-body'
  | 'invalid-header'
  | 'invalid-parameter'
  | 'invalid-signature'
  | 'malformed-json'
  | 'malformed-request'
  | 'malformed-transcript'
  | 'malformed-upload'
  | 'method-not-allowed'
  | 'no-media'
  | 'no-transcript'
  | 'not-found'
  | 'not-on-yourself'
  | 'origin-not-allowed'
  | 'owner-has-no-email'
  | 'payload-too-large'
  | 'range-not-satisfiable'
  | 'request-timeout'
  | 'service-unavailable'
  | 'stale-version'
  | 'task-has-no-deadline'
  | 'task-has-no-owner'
  | 'task-needs-review'
  | 'unauthenticated'
  | 'unsupported-media-type'
  | 'user-owns-meetings';

export const ERRORS: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  'calendar-consent-refused': { status: 400, title: 'The calendar was not connected' },
  'calendar-not-configured': { status: 409, title: 'There is no calendar to connect' },
  'calendar-state-invalid': { status: 400, title: 'This way back is over or not yours' },
  'cursor-invalid': { status: 400, title: 'This cursor does not belong to this list' },
  'email-taken': { status: 409, title: 'Another user has this e-mail address' },
  'empty-file': { status: 400, title: 'The file is empty' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'header-too-large': { status: 431, title: 'The request header is too large' },
  'host-not-allowed': { status: 421, title: 'This server does not answer under that name' },
  'idempotency-key-in-use': { status: 409, title: 'A request with this key is still running' },
  'idempotency-key-reused': { status: 422, title: 'This key was used for another request' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'invalid-body': { status: 400, title: 'The body is not as described' },
  'invalid-header': { status: 400, title: 'A header is not as described' },
  'invalid-parameter': { status: 400, title: 'A parameter is not as described' },
  'invalid-signature': { status: 401, title: 'The signature does not prove who sent this' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'malformed-request': { status: 400, title: 'The request is not HTTP' },
  'malformed-transcript': { status: 400, title: 'The transcript can not be read' },
  'malformed-upload': { status: 400, title: 'The upload is not as described' },
  'method-not-allowed': { status: 405, title: 'This path does not know this method' },
  'no-media': { status: 409, title: 'There is no recording to listen to' },
  'no-transcript': { status: 409, title: 'There is no transcript' },
  'not-found': { status: 404, title: 'Nothing here' },
  'not-on-yourself': { status: 409, title: 'Nobody does this to themselves' },
  'origin-not-allowed': { status: 403, title: 'Pages of this origin may not do this' },
  'owner-has-no-email': { status: 409, title: 'The owner of the task has no e-mail address' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'range-not-satisfiable': { status: 416, title: 'There are no such bytes' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'service-unavailable': { status: 503, title: 'Try again soon' },
  'stale-version': { status: 412, title: 'Somebody else has changed it' },
  'task-has-no-deadline': { status: 409, title: 'The task has no deadline to put on a calendar' },
  'task-has-no-owner': { status: 409, title: 'The task has no owner' },
  'task-needs-review': { status: 409, title: 'The task waits for a person to confirm it' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'unsupported-media-type': { status: 415, title: 'This kind of content is not taken here' },
  'user-owns-meetings': { status: 409, title: 'The user owns meetings' },
};

/** One thing that is wrong with the input. `pointer` is a JSON pointer into the body, or `/name` of a parameter. */
export interface Issue {
  pointer: string;
  code: string;
  detail: string;
}

/** An expected refusal: its words are written for the client. Throw it anywhere below a route. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** What happened and what to do about it, without content of the meeting. */
    readonly detail: string,
    readonly issues: Issue[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'AppError';
  }
}

/** What is not there, or not the caller's. */
export const notFound = (what: string): AppError => new AppError('not-found', `There is no such ${what}.`);

/** The RFC 9457 document of an error. `requestId` finds the request in the log. */
export function problemDocument({ code, detail, issues }: AppError, requestId: string) {
  const { status, title } = ERRORS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance: `/requests/${requestId}`,
    code,
    ...(issues.length > 0 && { errors: issues }),
  };
}
