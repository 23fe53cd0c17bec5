import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { calendarEventFor, composeMail } from '.';
import type { DeliveredTask } from './mail';
import { escapeHtml, inert, oneLine } from './inert';

const task = (change: Partial<DeliveredTask> = {}): DeliveredTask => ({
  id: '5f0c2f0e-0000-4000-8000-000000000001',
  name: 'Send the budget',
  deadlineDate: '2025-10-17',
  deadlineAt: null,
  deadlineTimezone: 'Europe/Berlin',
  deadlineText: null,
  evidence: [],
  ...change,
});
const meeting = { title: 'Weekly', recordedAt: new Date('2025-10-14T22:30:00Z'), timezone: 'Europe/Berlin' };
const quote = (words: string, speaker: string | null = 'Ben') => ({
  segmentId: 's',
  startMs: 0,
  endMs: 1,
  speaker,
  quote: words,
});

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '\r\n', 'a', '://', '.', '@', '\u202e', ' ') }),
);

describe('whatever was said', () => {
  const harmless = task({ deadlineText: 'soon', evidence: [quote('I will')] });
  const plain = composeMail(harmless, { name: 'Ben' }, meeting, 'assigned');

  it('a mail keeps its shape: one line of subject, our tags, no line that we did not write', () => {
    fc.assert(
      fc.property(words, words, words, words, (name, title, speaker, said) => {
        const full = task({ name, deadlineText: said, evidence: [quote(said, speaker)] });
        const mail = composeMail(full, { name: speaker }, { ...meeting, title }, 'assigned');
        expect(mail.subject).not.toMatch(/[\r\n]/);
        expect(mail.text.split('\n')).toHaveLength(plain.text.split('\n').length);
        expect(mail.html.match(/<[^>]*>/g)).toEqual(plain.html.match(/<[^>]*>/g));
        expect(mail.html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('no letter is lost on the way into the mail', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\p{L}\p{N}<>&"'.@:/ ]{1,60}$/u), (name) => {
        const { html, text } = composeMail(task({ name }), { name: 'Ben' }, null, 'assigned');
        const shown = oneLine(name);
        expect(text.replaceAll('\u200b', '')).toContain(`Task: ${shown}\n`);
        expect(html.replaceAll('\u200b', '')).toContain(`<td>${escapeHtml(shown)}</td>`);
      }),
    );
  });

  it('a calendar entry has a summary of one line and an inert description', () => {
    fc.assert(
      fc.property(words, words, (name, said) => {
        const entry = calendarEventFor(task({ name, evidence: [quote(said)] }), meeting, 'abc');
        expect(entry.summary).not.toMatch(/[\r\n\u202a-\u202e\u2066-\u2069]/);
        expect(entry.description.split('\n')).toHaveLength(2);
        expect(entry.description).not.toMatch(/:\/\/|@[^\u200b]/);
      }),
    );
  });
});

describe('inert', () => {
  it.each([
    ['HTTPS://EVIL.example', 'HTTPS:\u200b//EVIL.\u200bexample'],
    ['javascript://x', 'javascript:\u200b//x'],
    ['münchen.de', 'münchen.\u200bde'],
    ['пример.рф', 'пример.\u200bрф'],
    ['a.b.example', 'a.b.\u200bexample'],
    ['a@b', 'a@\u200bb'],
    ['\u202egpj.exe', 'gpj.\u200bexe'],
    ['a\u2066b\u2069c', 'abc'],
    ['10:30', '10:30'],
    ['Really. Yes', 'Really. Yes'],
  ])('%j becomes %j', (said, shown) => {
    expect(inert(said)).toBe(shown);
  });

  it('leaves nothing that a mail program makes a link of', () => {
    fc.assert(
      fc.property(words, (said) => {
        expect(inert(said)).not.toMatch(/:\/\/|@(?!\u200b)|[\p{L}\p{N}]\.\p{L}{2}/u);
      }),
    );
  });

  it.each([
    ['dots', '.'.repeat(200_000)],
    ['letters and dots', 'a.'.repeat(200_000)],
    ['white space', ' \n'.repeat(200_000)],
    ['at signs', '@'.repeat(200_000)],
  ])('takes no time for a page of %s', (_what, page) => {
    const before = process.cpuUsage();
    composeMail(task({ name: page, evidence: [quote(page)] }), { name: page }, null, 'assigned');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
  });
});

describe('the day in a mail', () => {
  const due = (change: Partial<DeliveredTask>, kind: 'assigned' | 'reminder' = 'assigned') =>
    /^Due: (.*)$/m.exec(composeMail(task(change), { name: 'Ben' }, null, kind).text)?.[1];
  const at = (instant: string, zone: string | null) => ({
    deadlineDate: null,
    deadlineAt: new Date(instant),
    deadlineTimezone: zone,
  });

  it.each([
    [{ deadlineDate: '2028-02-29' }, 'Tuesday, 29 February 2028'],
    [{ deadlineDate: '2026-01-01', deadlineTimezone: 'Pacific/Kiritimati' }, 'Thursday, 1 January 2026'],
    [{ deadlineDate: '2025-12-31', deadlineTimezone: 'Pacific/Pago_Pago' }, 'Wednesday, 31 December 2025'],
    [at('2025-12-31T23:30:00Z', 'Europe/Berlin'), 'Thursday, 1 January 2026, 00:30 (Europe/Berlin)'],
    [at('2026-03-29T01:30:00Z', 'Europe/Berlin'), 'Sunday, 29 March 2026, 03:30 (Europe/Berlin)'],
    [at('2025-10-26T00:30:00Z', 'Europe/Berlin'), 'Sunday, 26 October 2025, 02:30 (Europe/Berlin)'],
    [at('2025-10-26T01:30:00Z', 'Europe/Berlin'), 'Sunday, 26 October 2025, 02:30 (Europe/Berlin)'],
    [at('2025-10-15T13:00:00Z', null), 'Wednesday, 15 October 2025, 13:00 (UTC)'],
    [at('2025-10-15T13:00:00Z', 'Asia/Kathmandu'), 'Wednesday, 15 October 2025, 18:45 (Asia/Kathmandu)'],
  ])('%j: %s', (change, words) => {
    expect(due(change)).toBe(words);
  });

  it('is the day that was said, in whatever zone its reader and this machine are', () => {
    const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom('Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Tokyo', 'UTC');
    fc.assert(
      fc.property(days, zones, (day, deadlineTimezone) => {
        const deadlineDate = day.toISOString().slice(0, 10);
        expect(IANAZone.isValidZone(deadlineTimezone)).toBe(true);
        const shown = DateTime.fromFormat(due({ deadlineDate, deadlineTimezone })!, 'cccc, d LLLL yyyy');
        expect(shown.toISODate()).toBe(deadlineDate);
      }),
    );
  });

  it('of the meeting is the day on its own calendar', () => {
    const late = { ...meeting, recordedAt: new Date('2025-12-31T15:30:00Z'), timezone: 'Asia/Tokyo' };
    expect(composeMail(task(), { name: 'Ben' }, late, 'assigned').text).toContain('Weekly, 1 January 2026');
  });
});
