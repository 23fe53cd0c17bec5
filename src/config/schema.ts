/** Every variable that the product reads, by area, with its form and default. Cross-checks are in `rules.ts`. */
import path from 'node:path';
import Joi from 'joi';
import { QUEUES } from '../../workflows/messages';
import { projectRoot } from '../project-root';
import { parsePublicKey } from './mail';
import { parseBytes, parseDurationMs, parsedWith, parseList } from './units';
import { parseSecureOrigin, parseSecureUrl } from './urls';

const HOUR_S = 3600;
const text = () => Joi.string().trim();
const list = () => text().custom(parsedWith(parseList, 'a comma-separated list'));
const url = () => text().custom(parsedWith(parseSecureUrl, 'an https: URL (http: only on loopback)'));
const origin = () =>
  text().custom(parsedWith(parseSecureOrigin, 'an https: origin without a path (http: only on loopback)'));
const file = () => text().custom((value: string) => path.resolve(projectRoot, value));
/** A program: a name to find on PATH, or a path (relative to the project). */
const command = () =>
  text().custom((value: string) => (value.includes('/') ? path.resolve(projectRoot, value) : value));
const switchedOn = () => Joi.boolean().default(false);
const port = () => Joi.number().port();
const provider = (...names: string[]) => text().valid(...names);
const postgresUrl = () => text().uri({ scheme: ['postgres', 'postgresql'] });

const queues = list().custom((names: string[], helpers) => {
  const unknown = names.filter((name) => !(QUEUES as readonly string[]).includes(name));
  if (!unknown.length && names.length) return names;
  return helpers.message({ custom: `{{#label}} must be a comma-separated list of ${QUEUES.join(', ')}` });
});

const encryptionKey = text().custom((value: string, helpers) =>
  Buffer.from(value, 'base64').length === 32
    ? value
    : helpers.message({ custom: '{{#label}} must be 32 bytes in base64 (openssl rand -base64 32)' }),
);

const server = {
  NODE_ENV: text().valid('development', 'test', 'production').default('development'),
  HOST: text().hostname(),
  PORT: port().default(3000),
  PUBLIC_URL: url(),
  CORS_ORIGINS: list().default([]),
  LOG_LEVEL: text().valid('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  DATA_DIR: file().default(path.join(projectRoot, '.data')),
  MAX_UPLOAD_BYTES: text()
    .custom(parsedWith(parseBytes, 'a size such as 2147483648 or "2 GiB"'))
    .default(2 * 1024 ** 3),
  MAX_MEDIA_SECONDS: Joi.number()
    .integer()
    .positive()
    .default(6 * HOUR_S),
  REEXTRACTION_WINDOW: text()
    .custom(parsedWith(parseDurationMs, 'a time such as 24h, 30m or 0'))
    .default(24 * HOUR_S * 1000),
  MAX_COST_PER_MEETING: Joi.number().positive(),
  WORKER_QUEUES: queues.default([...QUEUES]),
  ALLOW_LOCAL_PROVIDERS: switchedOn(),
};

const postgres = {
  DATABASE_URL: postgresUrl().required(),
  MIGRATION_DATABASE_URL: postgresUrl(),
  DATABASE_CA_FILE: file(),
  DATABASE_POOL_MAX: Joi.number().integer().min(1).max(500).default(10),
};

/** The first nine are read by `@temporalio/envconfig`; here only their presence is known. */
const temporal = {
  TEMPORAL_ADDRESS: text(),
  TEMPORAL_NAMESPACE: text(),
  TEMPORAL_API_KEY: text(),
  TEMPORAL_TLS: text(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: text(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text(),
  TEMPORAL_TLS_SERVER_NAME: text(),
  TEMPORAL_CONFIG_FILE: text(),
  TEMPORAL_UI_URL: url(),
  TEMPORAL_UI_PORT: port().default(8233),
  TEMPORAL_CLI_PATH: command(),
  WORKER_DEPLOYMENT_NAME: text(),
  WORKER_BUILD_ID: text(),
};

const auth = {
  AUTH_ISSUER: url(),
  AUTH_AUDIENCE: text(),
  AUTH_JWKS_URL: url(),
  ADMIN_EMAILS: list().lowercase().default([]),
};

const storage = {
  STORAGE_PROVIDER: provider('local', 's3', 'supabase'),
  S3_BUCKET: text(),
  AWS_REGION: text(),
  AWS_ACCESS_KEY_ID: text(),
  AWS_SECRET_ACCESS_KEY: text(),
  S3_ENDPOINT: origin(),
  S3_FORCE_PATH_STYLE: switchedOn(),
  SUPABASE_URL: origin(),
  SUPABASE_SERVICE_ROLE_KEY: text(),
  SUPABASE_BUCKET: text(),
};

const speech = {
  SPEECH_PROVIDER: provider('local', 'rapidapi'),
  RAPIDAPI_KEY: text(),
  RAPIDAPI_PROFILE: text().default('speech-to-text-ai'),
  RAPIDAPI_PROFILE_FILE: file(),
  RAPIDAPI_BASE_URL: origin(),
  WHISPER_MODEL: text(),
  FFMPEG_PATH: command(),
  DIARIZATION_PROVIDER: provider('local', 'off').default('local'),
};

const extraction = {
  EXTRACTION_PROVIDER: provider('local', 'gemini'),
  GEMINI_API_KEY: text(),
  GEMINI_MODEL: text().default('gemini-3.5-flash-lite'),
  GEMINI_FALLBACK_MODEL: text(),
  GEMINI_BASE_URL: origin(),
};

const mail = {
  MAIL_PROVIDER: provider('local', 'sendgrid'),
  SENDGRID_API_KEY: text(),
  SENDGRID_FROM_EMAIL: text().email({ tlds: false }),
  SENDGRID_FROM_NAME: text(),
  SENDGRID_BASE_URL: origin(),
  SENDGRID_WEBHOOK_PUBLIC_KEY: text().custom(
    parsedWith(parsePublicKey, 'the verification key of the event webhook, as SendGrid shows it'),
  ),
};

const calendar = {
  CALENDAR_PROVIDER: provider('local', 'google'),
  GOOGLE_SERVICE_ACCOUNT_FILE: file(),
  GOOGLE_CALENDAR_ID: text(),
  GOOGLE_CLIENT_ID: text(),
  GOOGLE_CLIENT_SECRET: text(),
  GOOGLE_BASE_URL: origin(),
  GOOGLE_AUTH_URL: url(),
  GOOGLE_TOKEN_URL: url(),
  CALENDAR_TOKEN_KEY: encryptionKey,
};

const areas = { server, postgres, temporal, auth, storage, speech, extraction, mail, calendar };

/** The names of all variables, in the order of `.env.example`. */
export const VARIABLE_NAMES = Object.values(areas).flatMap((area) => Object.keys(area));

type KeysOf<T> = T extends T ? keyof T : never;
/** The name of a variable that the schema knows. */
export type Variable = KeysOf<(typeof areas)[keyof typeof areas]>;

/** Reports all errors at once; other variables of the environment are none of our business. */
export const environmentSchema = Joi.object({
  ...server,
  ...postgres,
  ...temporal,
  ...auth,
  ...storage,
  ...speech,
  ...extraction,
  ...mail,
  ...calendar,
}).options({
  abortEarly: false,
  stripUnknown: true,
  errors: { wrap: { label: false } },
});
