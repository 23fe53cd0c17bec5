import { createClient } from '@supabase/supabase-js';
import type { SupabaseSettings } from '../../config/storage';
import { ProviderError } from '../../provider-error';
import type { Deadline } from '../storage/deadline';
import { asSupabaseFailure, supabaseFailure, type StorageErrorLike } from './failures';
import { exchange, wiredFetch, type Exchange } from './wire';

/** A client of the project's storage and of nothing else: no session, no refresh, no socket. */
export const storageOf = ({ url, serviceRoleKey }: SupabaseSettings) =>
  createClient(url, serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: wiredFetch },
  }).storage;

type Result<T> = { data: T; error: null } | { data: unknown; error: StorageErrorLike };

export interface CallOptions extends Omit<Exchange, 'signal' | 'response'> {
  deadline: Deadline;
  signal?: AbortSignal | undefined;
  /** Sent once more when the connection broke: the server may have closed an idle one just then. */
  repeatable?: boolean;
}

/**
 * Runs a method of storage-js.
 * @throws ProviderError; the signal's reason when it aborts
 */
export async function call<T>(
  operation: () => PromiseLike<Result<T>>,
  options: CallOptions,
): Promise<{ data: T; response: Response | undefined }> {
  try {
    return await once(operation, options);
  } catch (error) {
    if (!options.repeatable || !isBroken(error)) throw error;
    return once(operation, options);
  }
}

const isBroken = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === 'storage-unavailable' && error.outcome === 'unknown';

async function once<T>(operation: () => PromiseLike<Result<T>>, options: CallOptions) {
  const { deadline, signal, repeatable: _, ...terms } = options;
  const signals = [deadline.signal, ...(signal ? [signal] : [])];
  const current: Exchange = { ...terms, signal: AbortSignal.any(signals) };
  const { data, error } = await exchange.run(current, () => settled(operation));
  if (!error) return { data: data, response: current.response };
  signal?.throwIfAborted();
  if (deadline.expired) throw supabaseFailure('storage-timeout', { outcome: 'unknown' });
  throw asSupabaseFailure(error, current.response);
}

/** What storage-js does not foresee it throws. */
const settled = async <T>(operation: () => PromiseLike<Result<T>>): Promise<Result<T>> => {
  try {
    return await operation();
  } catch (error) {
    return { data: null, error: error as StorageErrorLike };
  }
};
