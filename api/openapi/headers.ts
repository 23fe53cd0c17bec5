/** Headers that mean something here: each is described once, and routes name what they heed and send. */

const text = { type: 'string' };

export const REQUEST_HEADERS = {
  'Idempotency-Key': {
    description: 'Names this request for 24 h: sent again, it gets the first answer and does nothing twice',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'If-Match': {
    description: 'The version that the change is meant for, as in `ETag`; another one now → 412',
    schema: text,
  },
  'If-None-Match': { description: 'The `ETag` of what the client has; still true → 304', schema: text },
  Prefer: { description: 'Wait so many seconds for the outcome, at most 60: `wait=30`', schema: text },
  'Last-Event-ID': {
    description: 'The last event that the reader has; it goes on after that',
    schema: { type: 'integer', minimum: 0 },
  },
  Range: { description: 'Only these bytes: `bytes=0-1023`', schema: text },
} as const;

export const RESPONSE_HEADERS = {
  ETag: { description: 'Of this state of the resource', schema: text },
  Location: { description: 'Where the new resource, or the content, is', schema: text },
  'Content-Range': { description: 'Which bytes these are', schema: text },
  'Preference-Applied': { description: '`wait`: the request did wait', schema: text },
  'Idempotency-Replayed': {
    description: '`true`: the answer to an earlier request with this key',
    schema: text,
  },
  'Set-Cookie': { description: 'Needed on the way back', schema: text },
} as const;

export type RequestHeader = keyof typeof REQUEST_HEADERS;
export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

/** As entries of `components.parameters`, by name. */
export const headerParameters = Object.fromEntries(
  Object.entries(REQUEST_HEADERS).map(([name, header]) => [name, { name, in: 'header', ...header }]),
);
