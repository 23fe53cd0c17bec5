import { costOf, expectedTokens } from './prices';

const MILLION = { inputTokens: 1e6, outputTokens: 1e6 };

test.each([
  ['gemini', 'gemini-3.5-flash-lite', MILLION, 2.8],
  ['gemini', 'gemini-3.5-flash-lite-002', MILLION, 2.8],
  ['gemini', 'gemini-3.6-flash', MILLION, 9],
  ['gemini', 'gemini-3.8-flash', { inputTokens: 2000, outputTokens: 0 }, 0.0015],
  ['rapidapi', 'any', { seconds: 3600 }, 0.36],
  ['rapidapi', null, { seconds: 60 }, 0.006],
  ['sendgrid', null, { mails: 1 }, 0.000399],
  ['google', null, { writes: 100 }, 0],
  ['local', 'tiny.en', { seconds: 3600 }, 0],
  ['gemini', 'gemini-3.5-flash-lite', {}, 0],
])('%s %s: %j costs $%p', (provider, model, units, dollars) =>
  expect(costOf(provider, model, units)).toBeCloseTo(dollars, 6),
);

test('nobody knows the prices of others', () => expect(costOf('elsewhere', 'x', { seconds: 1 })).toBeNull());

test.each(['gemini-9-ultra', null])('the model %p, which is not listed, counts as the dearest', (model) => {
  const listed = ['gemini-3.5-flash-lite', 'gemini-3.6-flash', 'gemini-3.8-flash'];
  const dearest = Math.max(...listed.map((name) => costOf('gemini', name, MILLION) ?? 0));
  expect(costOf('gemini', model, MILLION)).toBe(dearest);
});

test('an hour of talk is expected to be some 13,000 tokens, and never less than its words', () => {
  const words = Array.from({ length: 600 }, () => ({
    speaker: 'Anna',
    text: 'so we ship it on Friday then. '.repeat(2),
  }));
  const { inputTokens = 0, outputTokens = 0 } = expectedTokens(words);
  expect(inputTokens).toBeGreaterThan(9_000);
  expect(inputTokens).toBeLessThan(20_000);
  expect(outputTokens).toBeGreaterThan(0);
  expect(expectedTokens([]).inputTokens).toBeGreaterThan(0);
});
