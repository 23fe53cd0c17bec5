import { createHash } from 'node:crypto';
import type { Target } from './storage-engine';

/** Stands in for the store when a recording that is there already is sent again: measures it and keeps nothing. */
export const hashOnly: Target['object'] = {
  async put(body) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { bytes, sha256: hash.digest('hex'), key: '' };
  },
};
