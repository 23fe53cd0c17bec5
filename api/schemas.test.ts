/** The pieces that inputs are made of: what passes, what it becomes, and what does not. */
import fc from 'fast-check';
import Joi from 'joi';
import { createTestDatabase } from '../test/support/database';
import { AppError } from './errors';
import { dayOrInstant, email, id, language, pageQuery, timezone, words } from './schemas';
import { checked } from './validation';

const accepts = (schema: Joi.Schema, value: unknown) =>
  checked<unknown>(schema, value, 'invalid-body', false);
const refuses = (schema: Joi.Schema, value: unknown) =>
  expect(() => accepts(schema, value)).toThrow(expect.objectContaining({ code: 'invalid-body' }));

describe('a deadline or date', () => {
  test.each([
    '2026-11-23',
    '2024-02-29',
    '2026-11-23T15:00:00Z',
    '2026-11-23T15:00:00+01:00',
    '2026-11-23T15:00:00.123456789-09:30',
  ])('%s', (value) => expect(accepts(dayOrInstant(), value)).toBe(value));

  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-5',
    '0000-01-01',
    '1899-12-31',
    '9999-12-31',
    '2026-11-23T15:00:00',
    '2026-11-23T15:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T15:60:00Z',
    '2026-11-23T15:00:60Z',
    '2026-11-23 15:00:00Z',
    '2026-11-23T15:00:00+24:00',
    '2026-02-30T15:00:00Z',
    'tomorrow',
    '',
    ' 2026-11-23',
    20261123,
    null,
    ['2026-11-23'],
  ])('not %p', (value) => refuses(dayOrInstant(), value));
});

describe('a person’s words', () => {
  test.each([
    ['  trimmed \n', 'trimmed'],
    ['a\u0000b', 'ab'],
    ['a\r\nb', 'a\nb'],
    ['lone \ud800 half', 'lone \ufffd half'],
    ['👩‍💻', '👩‍💻'],
  ])('%j becomes %j', (sent, kept) => expect(accepts(words(50), sent)).toBe(kept));

  test.each(['', '   ', '\u0000', '\n\t', 'x'.repeat(51), 5, null, {}, true])('not %j', (value) =>
    refuses(words(50), value),
  );

  test('whatever is sent, what is kept fits into Postgres', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (sent) => {
        try {
          const kept = accepts(words(50), sent) as string;
          expect(kept.isWellFormed()).toBe(true);
          expect(kept).not.toContain('\u0000');
          expect(kept).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

test.each([
  ['Zoe@Example.COM', 'zoe@example.com'],
  ['o’brien+tag@mail.example.org', 'o’brien+tag@mail.example.org'],
])('the address %s becomes %s', (sent, kept) => expect(accepts(email(), sent)).toBe(kept));

test.each([
  'zoe',
  'zoe@localhost',
  '@example.com',
  'a b@example.com',
  'Zoe <zoe@example.com>',
  'zoe@example.com, ben@example.com',
  'zoe@example.com\nBcc: all@example.com',
  `${'x'.repeat(250)}@example.com`,
  '',
  'a\ud800b@example.com',
])('the address %j is none', (value) => refuses(email(), value));

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('the zone %s', (value) =>
  expect(accepts(timezone(), value)).toBe(value),
);
// The last are known to ICU; Postgres knows them not, or as something else.
test.each([
  ...['Mars/Phobos', '', 'x'.repeat(65), '../../etc/passwd', 5],
  ...['AET', 'CET', '+05:30', '-01', 'SystemV/AST4', 'US/Pacific-New', 'Canada/East-Saskatchewan'],
])('the zone %j is none', (value) => refuses(timezone(), value));

test('Postgres knows every zone that a browser can name', async () => {
  const database = await createTestDatabase();
  try {
    const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
    for (const zone of zones) {
      expect(accepts(timezone(), zone)).toBe(zone);
      await database.knex.raw('select now() at time zone ?', [zone]);
    }
  } finally {
    await database.destroy();
  }
});

test.each(['en', 'de-AT', 'zh-Hant-TW', 'fil'])('the language %s', (value) =>
  expect(accepts(language(), value)).toBe(value),
);
test.each(['english language', 'E', 'en_US', 'en-', '', 'en-GB-oed-x-y'])(
  'the language %j is none',
  (value) => refuses(language(), value),
);

test('an id is a UUID in lower case', () => {
  expect(accepts(id(), 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')).toBe('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
  for (const value of ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', 'a0eebc999c0b4ef8bb6d6bb9bd380a11', '1', ''])
    refuses(id(), value);
});

describe('a page', () => {
  const page = Joi.object<{ limit: number; cursor?: string }>(pageQuery);
  const query = (value: object) => checked(page, value, 'invalid-parameter', true);

  test('has 25 rows unless told', () => expect(query({})).toEqual({ limit: 25 }));
  test.each([
    ['1', 1],
    ['100', 100],
  ])('limit=%s', (limit, rows) => expect(query({ limit })).toEqual({ limit: rows }));
  test.each(['0', '101', '999', '-1', '1e2', '0x10', '1.0', ' 5', '٣', '', 'NaN'])(
    'limit=%s is refused',
    (limit) => expect(() => query({ limit })).toThrow(expect.objectContaining({ code: 'invalid-parameter' })),
  );
  test('parameters that nobody knows, or that come twice, are refused', () => {
    for (const value of [{ offset: '5' }, { limit: ['1', '2'] }, { cursor: '' }, { cursor: 'x'.repeat(501) }])
      expect(() => query(value)).toThrow(AppError);
  });
});

describe('what is wrong', () => {
  const schema = Joi.object({
    name: words(5).required(),
    'a/b~c': Joi.string(),
    list: Joi.array().items(id()),
  });
  const issuesOf = (value: unknown) => {
    try {
      accepts(schema, value);
    } catch (error) {
      return (error as AppError).issues;
    }
    throw new Error('accepted');
  };

  test('is said all at once, with pointers into the body', () => {
    const issues = issuesOf({ 'a/b~c': 1, list: ['x'], other: true });
    expect(issues.map(({ pointer }) => pointer).sort()).toEqual(['/a~1b~0c', '/list/0', '/name', '/other']);
    for (const { code, detail } of issues) expect([typeof code, detail.length > 0]).toEqual(['string', true]);
  });

  test('a body that is no object is wrong at its root', () => {
    for (const value of [[], 'x', 5, null, true]) expect(issuesOf(value)[0]?.pointer).toBe('');
  });

  test('is never longer than fifty issues of two hundred characters', () => {
    const list = Array.from({ length: 500 }, () => 'x'.repeat(5000));
    const issues = issuesOf({ name: 'x', list });
    expect(issues).toHaveLength(50);
    expect(Math.max(...issues.map(({ detail }) => detail.length))).toBeLessThanOrEqual(200);
  });

  test('no number, boolean or null passes as text', () => {
    for (const name of [1, true, null, [], {}]) expect(issuesOf({ name })[0]?.pointer).toBe('/name');
  });
});
