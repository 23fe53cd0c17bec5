/** SendGrid's own description of `POST /v3/mail/send` (contract/tsg_mail_v3.json, MIT), as a check of requests. */
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import description from './contract/tsg_mail_v3.json';
import type { SeenRequest } from '../stand-in';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(description, 'sendgrid');
const matches = ajv.compile({
  $ref: 'sendgrid#/components/requestBodies/PostMailSend/content/application~1json/schema',
});

/** Words of the description that no schema says: the headers that a sender must not set. */
const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
/** Bytes, for each personalization. */
const MAX_CUSTOM_ARGS = 10_000;

export interface SendBody {
  personalizations: {
    to: { email: string; name?: string }[];
    custom_args?: Record<string, string>;
    headers?: Record<string, string>;
  }[];
  from: { email: string; name?: string };
  subject: string;
  content: { type: string; value: string }[];
  headers?: Record<string, string>;
  tracking_settings?: Record<string, { enable?: boolean }>;
}

/** What is against the contract, in words; `[]` = a request that SendGrid takes. */
export function violationsOf(request: SeenRequest): string[] {
  const { method, path, headers } = request;
  const found: string[] = [];
  if (method !== 'POST' || path !== '/v3/mail/send') found.push(`${method} ${path} is not served`);
  if (!headers['content-type']?.startsWith('application/json'))
    found.push('the body is not declared as JSON');
  if (!headers.authorization?.startsWith('Bearer ')) found.push('no bearer key');
  const body = parsed(request.body);
  if (body === null) return [...found, 'the body is not JSON'];
  if (!matches(body)) found.push(...(matches.errors ?? []).map((e) => `${e.instancePath} ${e.message}`));
  else found.push(...unwritten(body as SendBody));
  return found;
}

function unwritten(body: SendBody): string[] {
  const reserved = [body, ...body.personalizations]
    .flatMap(({ headers }) => Object.keys(headers ?? {}))
    .filter((name) => RESERVED.test(name));
  const heavy = body.personalizations.some(
    ({ custom_args }) => Buffer.byteLength(JSON.stringify(custom_args ?? {})) > MAX_CUSTOM_ARGS,
  );
  const values = body.personalizations.flatMap(({ custom_args }) => Object.values(custom_args ?? {}));
  return [
    ...reserved.map((name) => `the header ${name} is reserved`),
    ...(heavy ? ['custom_args has more than 10,000 bytes'] : []),
    ...(values.some((value) => value.includes('@')) ? ['custom_args holds personal data'] : []),
  ];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
