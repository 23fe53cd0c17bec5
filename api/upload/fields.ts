/** The text fields of an upload; they may come before or after the file. */
import Joi from 'joi';
import { dayOrInstant, email, language, timezone, words } from '../schemas';
import { checked } from '../validation';

/** Larger meetings are webinars: their attendees own no tasks. */
const MAX_PARTICIPANTS = 200;

export interface UploadFields {
  title?: string;
  /** RFC 3339 or `YYYY-MM-DD`. */
  recordedAt?: string;
  timezone?: string;
  language?: string;
  participants: { name: string; email: string }[];
  notify: 'auto' | 'manual';
}

const person = Joi.object({ name: words(200).required(), email: email().required() }).meta({
  title: 'Person',
});

/** Forms send what was not filled in as an empty string. */
const schema = Joi.object<UploadFields, true>({
  title: words(300).empty(''),
  recordedAt: dayOrInstant().empty(''),
  timezone: timezone().empty(''),
  language: language().empty(''),
  participants: Joi.array()
    .items(person)
    .max(MAX_PARTICIPANTS)
    .empty('')
    .default([])
    .meta({ contentMediaType: 'application/json', description: 'Who took part: a list, as JSON' }),
  notify: Joi.string().valid('auto', 'manual').empty('').default('auto'),
});

/** The whole form, for the API document; the file is read by `receive.ts`. */
export const uploadForm = (schema as Joi.ObjectSchema)
  .keys({ file: Joi.any().required().meta({ type: 'string', format: 'binary' }) })
  .meta({ title: 'Upload' });

/** What is not JSON stays a string, which the schema then reports with everything else. */
function parsedIfJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** @throws AppError `invalid-body` with every issue */
export function uploadFields(sent: Record<string, unknown>): UploadFields {
  const fields = { ...sent };
  if ('participants' in fields) fields.participants = parsedIfJson(fields.participants);
  return checked(schema, fields, 'invalid-body', false);
}
