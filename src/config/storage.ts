/** What the stores of recordings need; null = not configured. */
import type { Values } from './providers';
import type { Variable } from './schema';

export interface S3Settings {
  bucket: string;
  region: string;
  /** null = the AWS credential chain: environment, shared files, container or instance role. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  /** Origin of another S3 service; null = AWS. */
  endpoint: string | null;
  forcePathStyle: boolean;
}

export interface SupabaseSettings {
  /** Origin of the project. */
  url: string;
  serviceRoleKey: string;
  bucket: string;
}

type Text = (name: Variable) => string | null;

/** The settings of the store that was chosen; the other's stay unread. */
export const storageSettings = (provider: string, text: Text, forcePathStyle: boolean) => ({
  s3: provider === 's3' ? s3Settings(text, forcePathStyle) : null,
  supabase: provider === 'supabase' ? supabaseSettings(text) : null,
});

/** Half a pair of keys would silently be none: the credential chain would be asked instead. */
export function storageProblems(values: Values): string[] {
  const pair = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  const missing = pair.filter((name) => values[name] === undefined);
  return missing.length === 1 ? [`${missing[0]} is missing: it belongs to the other key of AWS`] : [];
}

/** Where AWS itself looks when nothing is said; other S3 services mostly take any name. */
const DEFAULT_REGION = 'us-east-1';

function s3Settings(text: Text, forcePathStyle: boolean): S3Settings | null {
  const bucket = text('S3_BUCKET');
  if (bucket === null) return null;
  const [accessKeyId, secretAccessKey] = [text('AWS_ACCESS_KEY_ID'), text('AWS_SECRET_ACCESS_KEY')];
  const credentials =
    accessKeyId !== null && secretAccessKey !== null ? { accessKeyId, secretAccessKey } : null;
  const region = text('AWS_REGION') ?? DEFAULT_REGION;
  return { bucket, region, credentials, endpoint: text('S3_ENDPOINT'), forcePathStyle };
}

function supabaseSettings(text: Text): SupabaseSettings | null {
  const [url, serviceRoleKey] = [text('SUPABASE_URL'), text('SUPABASE_SERVICE_ROLE_KEY')];
  if (url === null || serviceRoleKey === null) return null;
  return { url, serviceRoleKey, bucket: text('SUPABASE_BUCKET') ?? 'recordings' };
}
