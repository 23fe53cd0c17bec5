import { resetMs, retryAfterMs } from './retry-after';

it.each([
  ['17', 17_000, 17_000],
  ['0', 1000, 1000],
  [new Date(Date.now() + 60_000).toUTCString(), 55_000, 60_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 1000, 1000],
])('Retry-After: %s', (header, atLeast, atMost) => {
  expect(retryAfterMs(header)).toBeGreaterThanOrEqual(atLeast);
  expect(retryAfterMs(header)).toBeLessThanOrEqual(atMost);
});

it.each([undefined, null, '', 'soon', ['17'], 17])('Retry-After: %p says nothing', (header) =>
  expect(retryAfterMs(header)).toBeNull(),
);

it('X-RateLimit-Reset is a span or a moment', () => {
  expect(resetMs('17')).toBe(17_000);
  expect(resetMs('0')).toBe(1000);
  const moment = resetMs(String(Math.ceil(Date.now() / 1000) + 17));
  expect(moment).toBeGreaterThan(16_000);
  expect(moment).toBeLessThanOrEqual(18_000);
  for (const nothing of [undefined, '', 'soon', '-1', '1e999']) expect(resetMs(nothing)).toBeNull();
});
