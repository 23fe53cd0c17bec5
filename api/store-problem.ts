import { ProviderError } from '../src/provider-error';
import { AppError, notFound } from './errors';

/** What the media store threw, as an answer; every other error as it is. */
export function storeProblem(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  if (error.code === 'object-not-found') return notFound('recording');
  if (error.code === 'storage-too-large') {
    return new AppError('file-too-large', 'The store of recordings takes no file of this size.');
  }
  return new AppError('service-unavailable', 'The store of recordings can not be used now.', [], {
    'Retry-After': '60',
  });
}
