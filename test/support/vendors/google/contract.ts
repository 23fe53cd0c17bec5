/**
 * What `calendar.events.*` take, from Google's discovery document of Calendar v3, and what the token service takes
 * (RFC 6749, RFC 7523, Google's guides): every departure is a violation.
 */
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { SeenRequest } from '../stand-in';

const ajv = addFormats(new Ajv({ allowUnionTypes: true, strictRequired: false }));

const nullable = (rest: object) => ({ type: ['string', 'null'], ...rest });
const moment = {
  type: 'object',
  additionalProperties: false,
  properties: {
    date: nullable({ format: 'date' }),
    dateTime: nullable({ format: 'date-time', pattern: '(Z|[+-]\\d\\d:\\d\\d)$' }),
    timeZone: nullable({ pattern: '^(UTC|[A-Z][A-Za-z_]+/[A-Za-z_/+-]+)$' }),
  },
};
/** The fields of `schemas.Event` that a deadline may have; read-only ones and guests are none. */
const event = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[a-v0-9]{5,1024}$' },
    summary: { type: 'string' },
    description: { type: 'string', maxLength: 8192 },
    start: moment,
    end: moment,
    transparency: { enum: ['opaque', 'transparent'] },
    visibility: { enum: ['default', 'public', 'private', 'confidential'] },
    status: { enum: ['confirmed', 'tentative'] },
    extendedProperties: {
      type: 'object',
      additionalProperties: false,
      properties: {
        private: { type: 'object', additionalProperties: { type: 'string', maxLength: 1024 } },
        shared: { type: 'object', additionalProperties: { type: 'string', maxLength: 1024 } },
      },
    },
  },
};
const BODIES = {
  POST: ajv.compile({ ...event, required: ['id', 'start', 'end'] }),
  PATCH: ajv.compile({ ...event, minProperties: 1 }),
};

/** Query parameters besides the standard ones; writing says whom it tells. */
const PARAMETERS: Record<string, string[]> = {
  GET: ['alwaysIncludeEmail', 'maxAttendees', 'timeZone'],
  POST: ['sendUpdates', 'supportsAttachments', 'conferenceDataVersion', 'maxAttendees'],
  PATCH: ['sendUpdates', 'supportsAttachments', 'conferenceDataVersion', 'maxAttendees'],
  DELETE: ['sendUpdates'],
};

export const EVENTS = /^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/;
export const TOKEN_PATH = '/token';

export function violationsOf(request: SeenRequest): string[] {
  if (request.path === TOKEN_PATH) return tokenViolations(request);
  const [, calendar, id] = EVENTS.exec(request.path) ?? [];
  if (!calendar) return [`${request.path} is no path`];
  return [
    ...((request.method === 'POST') === (id === undefined) ? [] : [`${request.method} with id ${id}`]),
    ...parameterViolations(request),
    ...(/^Bearer \S+$/.test(request.headers.authorization ?? '') ? [] : ['no bearer token']),
    ...bodyViolations(request),
  ];
}

function parameterViolations({ method, query }: SeenRequest): string[] {
  const known = PARAMETERS[method];
  if (!known) return [`${method} is no method`];
  const unknown = [...query.keys()].filter((name) => !known.includes(name));
  const writes = known.includes('sendUpdates');
  return [
    ...unknown.map((name) => `${name} is no parameter of ${method}`),
    ...(!writes || query.get('sendUpdates') === 'none' ? [] : ['guests are told']),
  ];
}

function bodyViolations({ method, body, headers }: SeenRequest): string[] {
  if (method !== 'POST' && method !== 'PATCH') return body.length > 0 ? [`${method} with a body`] : [];
  if (!headers['content-type']?.startsWith('application/json')) return ['not sent as JSON'];
  const check = BODIES[method];
  const event = JSON.parse(body.toString()) as Record<string, never>;
  if (!check({ ...event }))
    return check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  return ['start', 'end'].flatMap((name) => momentViolations(name, event[name]));
}

const momentViolations = (name: string, at?: { date?: string | null; dateTime?: string | null }): string[] =>
  at && !at.date === !at.dateTime ? [`${name} is not either a day or a time`] : [];

const GRANTS: Record<string, string[]> = {
  'urn:ietf:params:oauth:grant-type:jwt-bearer': ['assertion'],
  refresh_token: ['refresh_token', 'client_id', 'client_secret'],
  authorization_code: ['code', 'client_id', 'client_secret', 'redirect_uri'],
};

function tokenViolations({ method, headers, body, query }: SeenRequest): string[] {
  const form = new URLSearchParams(body.toString());
  const wanted = GRANTS[form.get('grant_type') ?? ''];
  if (method !== 'POST') return [`${method} of a token`];
  if (!wanted) return [`grant_type ${form.get('grant_type')} is none`];
  const known = ['grant_type', ...wanted];
  return [
    ...(headers['content-type']?.startsWith('application/x-www-form-urlencoded')
      ? []
      : ['not sent as a form']),
    ...(query.size > 0 ? ['parameters of a token in the address'] : []),
    ...wanted.filter((name) => !form.get(name)).map((name) => `${name} is missing`),
    ...[...form.keys()].filter((name) => !known.includes(name)).map((name) => `${name} is no field`),
  ];
}
