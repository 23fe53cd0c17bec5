/**
 * The one place where the environment is read. `loadConfig` takes it as a value, so that tests and the embedded stack
 * can hand in their own; entry points pass `loadEnvFile()`.
 */
import { googleSettings } from './config/calendar';
import { geminiConfig } from './config/extraction';
import { mailSettings } from './config/mail';
import { chosenProvider, type Port, type Values } from './config/providers';
import { crossChecks } from './config/rules';
import { environmentSchema, type Variable } from './config/schema';
import { rapidApiConfig } from './config/speech';
import { storageSettings } from './config/storage';
import type { Queue } from '../workflows/messages';

export { loadEnvFile } from './config/load-env-file';

/** Lists everything that is wrong with the environment, one line each. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** What a connection is made of, in `src/db/connection.ts`. */
export interface DatabaseConfig {
  url: string;
  /** The direct address when `url` goes through a pooler; the same as `url` otherwise. */
  migrationUrl: string;
  caFile: string | null;
  poolMax: number;
}

export interface TemporalConfig {
  /** null = not told; clients then use the SDK's default, and `npm start` brings its own server. */
  address: string | null;
  /** All `TEMPORAL_*` variables, for `@temporalio/envconfig`. */
  env: Record<string, string>;
  /** Where people look at runs; null = no links. */
  uiUrl: string | null;
  uiPort: number;
  cliPath: string | null;
}

type Text = string | null;

/** Checked, complete and frozen. Money in US dollars. */
export type Config = Readonly<ReturnType<typeof assemble>>;

/**
 * Checks the whole environment at once. Empty variables count as unset. Relative paths count from the project.
 * @throws ConfigError naming every problem and its remedy.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  );
  const checked = environmentSchema.validate(set);
  const values = checked.value as Values;
  const problems = [
    ...(checked.error?.details.map((detail) => detail.message) ?? []),
    ...crossChecks(values),
  ];
  if (problems.length) throw new ConfigError(problems);
  return deepFreeze(assemble(values, set));
}

function assemble(values: Values, env: Record<string, string>) {
  const text = (name: Variable) => (values[name] as string | undefined) ?? null;
  const provider = (port: Port) => chosenProvider(port, values);
  return {
    environment: values.NODE_ENV as 'development' | 'test' | 'production',
    server: serverConfig(values, text),
    database: {
      url: text('DATABASE_URL') as string,
      migrationUrl: text('MIGRATION_DATABASE_URL') ?? (text('DATABASE_URL') as string),
      caFile: text('DATABASE_CA_FILE'),
      poolMax: values.DATABASE_POOL_MAX as number,
    } satisfies DatabaseConfig,
    temporal: temporalConfig(values, env),
    auth: {
      issuer: text('AUTH_ISSUER'),
      audience: text('AUTH_AUDIENCE'),
      jwksUrl: text('AUTH_JWKS_URL'),
      adminEmails: values.ADMIN_EMAILS as string[],
    },
    storage: {
      provider: provider('storage'),
      ...storageSettings(provider('storage'), text, values.S3_FORCE_PATH_STYLE as boolean),
    },
    speech: {
      provider: provider('speech'),
      rapidApi: rapidApiConfig(provider('speech'), values),
      whisperModel: text('WHISPER_MODEL'),
      ffmpegPath: text('FFMPEG_PATH'),
      diarizer: values.DIARIZATION_PROVIDER as 'local' | 'off',
    },
    extraction: {
      provider: provider('extraction'),
      gemini: geminiConfig(provider('extraction'), values),
    },
    mail: { provider: provider('mail'), ...mailSettings(provider('mail'), text) },
    calendar: { provider: provider('calendar'), google: googleSettings(provider('calendar'), text) },
  };
}

function serverConfig(values: Values, text: (name: Variable) => Text) {
  const host = text('HOST') ?? (values.AUTH_ISSUER ? '0.0.0.0' : '127.0.0.1');
  const port = values.PORT as number;
  return {
    host,
    port,
    publicUrl: text('PUBLIC_URL') ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    corsOrigins: values.CORS_ORIGINS as string[],
    logLevel: values.LOG_LEVEL as string,
    dataDir: values.DATA_DIR as string,
    maxUploadBytes: values.MAX_UPLOAD_BYTES as number,
    maxMediaSeconds: values.MAX_MEDIA_SECONDS as number,
    reextractionWindowMs: values.REEXTRACTION_WINDOW as number,
    maxCostPerMeeting: (values.MAX_COST_PER_MEETING as number | undefined) ?? null,
    workerQueues: values.WORKER_QUEUES as Queue[],
    workerVersion: workerVersion(text),
  };
}

/** null = workers are not versioned. */
function workerVersion(text: (name: Variable) => Text) {
  const [deploymentName, buildId] = [text('WORKER_DEPLOYMENT_NAME'), text('WORKER_BUILD_ID')];
  return deploymentName && buildId ? { deploymentName, buildId } : null;
}

function temporalConfig(values: Values, env: Record<string, string>): TemporalConfig {
  const text = (name: Variable) => (values[name] as string | undefined) ?? null;
  return {
    address: text('TEMPORAL_ADDRESS'),
    env: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('TEMPORAL_'))),
    uiUrl: text('TEMPORAL_UI_URL'),
    uiPort: values.TEMPORAL_UI_PORT as number,
    cliPath: text('TEMPORAL_CLI_PATH'),
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value))
    if (child && typeof child === 'object') deepFreeze(child as object);
  return Object.freeze(value);
}
