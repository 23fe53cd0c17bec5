/** `If-None-Match` and `If-Match`: whose tags count. */
import type { Context } from 'koa';
import { isKnown, weakTag } from './etag';
import { requireVersion, versionTag } from './if-match';

const sending = (name: string, value: string) =>
  ({ get: (asked: string) => (asked === name ? value : '') }) as unknown as Context;

const TAG = weakTag(Buffer.from('{"a":1}'));

test('a tag stands for its content', () => {
  expect(TAG).toMatch(/^W\/"[\w-]{27}"$/);
  expect(weakTag(Buffer.from('{"a":1}'))).toBe(TAG);
  expect(weakTag(Buffer.from('{"a":2}'))).not.toBe(TAG);
});

test.each([
  [TAG, true],
  [TAG.slice(2), true],
  ['*', true],
  [`"other", ${TAG}`, true],
  [`W/"other",${TAG}`, true],
  ['', false],
  ['"other"', false],
  [TAG.slice(0, -2), false],
  [TAG.toLowerCase().replace('w/', 'W/'), false],
])('If-None-Match: %s is known: %p', (sent, known) =>
  expect(isKnown(sending('If-None-Match', sent), TAG)).toBe(known),
);

test.each(['', '*', '"7"', '"6", "7"', ' "7" '])('If-Match: %s is version 7', (sent) =>
  expect(() => requireVersion(sending('If-Match', sent), 7)).not.toThrow(),
);

test.each(['"6"', '7', 'W/"7"', '"07"', '"77"', '"7', ', ,'])('If-Match: %s is not version 7', (sent) =>
  expect(() => requireVersion(sending('If-Match', sent), 7)).toThrow(
    expect.objectContaining({ code: 'stale-version', detail: expect.stringContaining('7') }),
  ),
);

test('a version is a strong tag', () => expect(versionTag(12)).toBe('"12"'));
