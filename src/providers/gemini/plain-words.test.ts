import { plainWords } from './plain-words';

it.each([
  ['Send the report', 'Send the report'],
  ['Pay https://evil.example/x?a=1 now', 'Pay now'],
  ['See [the plan](https://evil.example/p) first', 'See the plan first'],
  ['![status](https://evil.example/i.png)', 'status'],
  ['Visit www.evil.example/now', 'Visit'],
  ['Look at evil.example/steal?x=1', 'Look at evil.example'],
  ['Mail boss@evil.example today', 'Mail today'],
  ['javascript:alert(1)', ''],
  ['data:text/html;base64,AAAA', ''],
  ['<a href="x">Click</a> <img src=x onerror=alert(1)>', 'Click'],
  ['Send\r\nBcc: all', 'Send Bcc: all'],
  ['Pay\u200b the\u202e bill\u{e0041}', 'Pay the bill'],
  ['ht\u200btps://evil.example', ''],
])('%j becomes %j', (words, plain) => expect(plainWords(words)).toBe(plain));

it.each([
  'Do we keep README.md?',
  'Upgrade Node.js: version 24',
  'Is 3 < 4 or 5 > 4?',
  'Ask R&D and/or sales, e.g. Ben',
  'Clean data: remove duplicates',
  'Größe der Tür prüfen – 会議',
  'Move it to 10:30 on 11/10',
])('%s stays', (words) => expect(plainWords(words)).toBe(words));
