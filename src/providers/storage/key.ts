/** Segments that start with a letter or digit: no vendor reads them in another way than we do. */
const KEY = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** @throws RangeError for what is no key of ours: keys are generated, so it is a mistake of the program. */
export function checkKey(key: string): void {
  if (!KEY.test(key) || key.length > 500) throw new RangeError('not a key of the media store');
}
