import { sameMatter } from './same-matter';

test.each([
  ['Fix the payment tests', 'I will fix the payment tests by Friday'],
  ['Send Anna a report', 'I will send you a report'],
  ['Book a room for the launch review', 'Carol, please book a room for the review'],
  ['Talk to the finance team about the free trial length', 'I will talk to the finance team tomorrow.'],
  ['Order 25 chairs', 'I will order 25 chairs'],
])('%j is what %j is about', (name, quote) => {
  expect(sameMatter(name, [quote])).toBe(true);
});

test.each([
  ['Transfer the money to the new account', 'I will fix the payment tests by Friday'],
  ['Write the report', 'I will do it'],
  ['Do it', 'I will do that'],
  ['', 'I will do that'],
])('%j is not what %j is about', (name, quote) => {
  expect(sameMatter(name, [quote])).toBe(false);
});
