/** Input against a schema: all issues at once, nothing converted behind the client's back. */
import Joi from 'joi';
import { AppError, type ErrorCode, type Issue } from './errors';

/** More than this helps nobody and would let a small request cause a large answer. */
const MAX_ISSUES = 50;
const MAX_DETAIL_CHARS = 200;

/** Else Joi compiles a message for each value that it looks at. Its types know only texts here. */
const compiled = (message: string): string => Joi.expression(message) as string;

/** Joi's own repeat the value, and answers stand in logs of clients and proxies. */
const WITHOUT_VALUES = {
  'string.pattern.base': compiled('{{#label}} fails to match the required pattern: {{#regex}}'),
  'string.pattern.name': compiled('{{#label}} fails to match the {{#name}} pattern'),
};

const OPTIONS: Joi.ValidationOptions = {
  abortEarly: false,
  allowUnknown: false,
  messages: WITHOUT_VALUES,
  errors: { label: 'key', wrap: { label: false } },
};

const escaped = (key: string | number) => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

const issue = ({ path, type, message }: Joi.ValidationErrorItem): Issue => ({
  pointer: path
    .map((key) => `/${escaped(key)}`)
    .join('')
    .slice(0, MAX_DETAIL_CHARS),
  code: type,
  detail: message.slice(0, MAX_DETAIL_CHARS),
});

/**
 * The cleaned value.
 * @param convert - true for what arrives as text only: path and query.
 * @throws AppError `code` with every issue
 */
export function checked<T>(schema: Joi.Schema<T>, value: unknown, code: ErrorCode, convert: boolean): T {
  const result = schema.validate(value, { ...OPTIONS, convert });
  if (!result.error) return result.value;
  const issues = result.error.details.slice(0, MAX_ISSUES).map(issue);
  const summary = issues.slice(0, 3).map(({ detail }) => detail);
  throw new AppError(code, summary.join('; '), issues);
}
