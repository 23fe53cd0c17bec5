import { standsAsDeadline } from './stands';

test.each([
  ['I will fix it by Friday. Okay?', 'Friday'],
  ['I will fix it by the tenth.', 'the tenth'],
  ['Yes, today.', 'today'],
  ['I need it by the end of next week, Ben.', 'end of next week'],
])('%j says when: %j', (text, words) => {
  expect(standsAsDeadline(text, words)).toBe(true);
});

test.each([
  ["I will look at Friday's build.", 'Friday'],
  ['We sent it on Friday.', 'on Friday'],
  ['I will fix what broke last Friday.', 'Friday'],
  ['I will read the March 10 report.', 'March 10'],
  ['I will bring the second point up.', 'the second'],
  ['I will fix it.', 'by Friday'],
])('%j does not say when: %j', (text, words) => {
  expect(standsAsDeadline(text, words)).toBe(false);
});
