/** Which adapter each port gets, from the names and keys that are set. */
import type { Variable } from './schema';

export type Values = Partial<Record<Variable, unknown>>;
export type Port = 'storage' | 'speech' | 'extraction' | 'mail' | 'calendar';

/** An adapter is configured when every variable of one of its lists is set. */
const KEYS: Record<Port, Record<string, Variable[][]>> = {
  storage: { s3: [['S3_BUCKET']], supabase: [['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY']] },
  speech: { rapidapi: [['RAPIDAPI_KEY']] },
  extraction: { gemini: [['GEMINI_API_KEY']] },
  mail: { sendgrid: [['SENDGRID_API_KEY']] },
  calendar: {
    google: [['GOOGLE_SERVICE_ACCOUNT_FILE'], ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET']],
  },
};

const VARIABLE: Record<Port, Variable> = {
  storage: 'STORAGE_PROVIDER',
  speech: 'SPEECH_PROVIDER',
  extraction: 'EXTRACTION_PROVIDER',
  mail: 'MAIL_PROVIDER',
  calendar: 'CALENDAR_PROVIDER',
};

export const PORTS = Object.keys(VARIABLE) as Port[];

function configured(port: Port, values: Values): string[] {
  return Object.entries(KEYS[port])
    .filter(([, alternatives]) => alternatives.some((keys) => keys.every((key) => values[key] !== undefined)))
    .map(([name]) => name);
}

/** The named adapter, else the one whose keys are set, else `local`. */
export function chosenProvider(port: Port, values: Values): string {
  return (values[VARIABLE[port]] as string | undefined) ?? configured(port, values)[0] ?? 'local';
}

/** Everything wrong with the choice of adapters, as sentences that say what to change. */
export function providerProblems(values: Values): string[] {
  return PORTS.flatMap((port) => portProblems(port, values));
}

function portProblems(port: Port, values: Values): string[] {
  const variable = VARIABLE[port];
  const candidates = configured(port, values);
  if (values[variable] === undefined && candidates.length > 1) {
    return [`the keys of ${candidates.join(' and ')} are set: say which with ${variable}`];
  }
  const name = chosenProvider(port, values);
  return name === 'local' ? localProblems(variable, values) : keyProblems(port, name, candidates);
}

/** A name that nobody knows is the schema's to refuse; it is not repeated, for it may be a key in the wrong place. */
function keyProblems(port: Port, name: string, candidates: string[]): string[] {
  const keys = Object.hasOwn(KEYS[port], name) ? KEYS[port][name] : undefined;
  if (!keys || candidates.includes(name)) return [];
  const needed = keys.map((alternative) => alternative.join(' and ')).join(', or ');
  return [`${VARIABLE[port]} is ${name}, which needs ${needed}`];
}

function localProblems(variable: Variable, values: Values): string[] {
  if (values.NODE_ENV !== 'production' || values.ALLOW_LOCAL_PROVIDERS === true) return [];
  return [
    `${variable} is local, which is for laptops and trials: set the keys of another or ALLOW_LOCAL_PROVIDERS=true`,
  ];
}
