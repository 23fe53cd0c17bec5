import { composeMail, type DeliveredTask } from './mail';

const task = (change: Partial<DeliveredTask> = {}): DeliveredTask => ({
  id: '5f0c2f0e-0000-4000-8000-000000000001',
  name: 'Send the budget to Anna',
  deadlineDate: '2025-10-17',
  deadlineAt: null,
  deadlineTimezone: 'Europe/Berlin',
  deadlineText: 'by Friday',
  evidence: [{ segmentId: 's', startMs: 0, endMs: 900, speaker: 'Ben', quote: 'I will send the budget' }],
  ...change,
});
const ben = { name: 'Ben' };
const meeting = { title: 'Weekly', recordedAt: new Date('2025-10-14T22:30:00Z'), timezone: 'Europe/Berlin' };

const OUR_TAGS =
  /^<(!doctype html|html lang="en"|table cellpadding="4"|th align="left"|\/?(body|p|tr|td|blockquote)|\/(html|table|th))>$/;

describe('a mail about a task', () => {
  it('says what, when, where it was said and by whom', () => {
    expect(composeMail(task(), ben, meeting, 'assigned')).toMatchInlineSnapshot(`
{
  "html": "<!doctype html>
<html lang="en"><body>
<p>Hello Ben,</p>
<p>You have a new task.</p>
<table cellpadding="4"><tr><th align="left">Task</th><td>Send the budget to Anna</td></tr><tr><th align="left">Due</th><td>Friday, 17 October 2025 (said: “by Friday”)</td></tr><tr><th align="left">Meeting</th><td>Weekly, 15 October 2025</td></tr></table>
<p>What was said:</p>
<blockquote>Ben: “I will send the budget”</blockquote>
</body></html>",
  "subject": "Your task: Send the budget to Anna",
  "text": "Hello Ben,

You have a new task.

Task: Send the budget to Anna
Due: Friday, 17 October 2025 (said: “by Friday”)
Meeting: Weekly, 15 October 2025

What was said:
> Ben: “I will send the budget”",
}
`);
  });

  it('gives a time of day in its zone', () => {
    const at = { deadlineDate: null, deadlineAt: new Date('2025-10-15T13:00:00Z'), deadlineText: null };
    expect(composeMail(task(at), ben, meeting, 'reminder').text).toContain(
      'Due: Wednesday, 15 October 2025, 15:00 (Europe/Berlin)\n',
    );
  });

  it('says that there is no date, and what was said instead', () => {
    const none = { deadlineDate: null, deadlineText: 'soon' };
    expect(composeMail(task(none), ben, null, 'assigned').text).toContain('Due: no date (said: “soon”)');
  });

  it('leaves out what is not known', () => {
    const { text, html } = composeMail(task({ evidence: [] }), ben, null, 'assigned');
    expect(text).not.toMatch(/Meeting|said:\n/);
    expect(html).not.toContain('blockquote');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><a href="https://evil.example">click</a>',
    '![x](https://evil.example/?q=secret)',
    "' onmouseover='alert(1)",
  ])('shows %j as words wherever it comes from', (hostile) => {
    const evidence = [{ segmentId: 's', startMs: 0, endMs: 1, speaker: hostile, quote: hostile }];
    const hostileTask = task({ name: hostile, deadlineText: hostile, evidence });
    const { html } = composeMail(hostileTask, { name: hostile }, { ...meeting, title: hostile }, 'assigned');
    const tags = html.match(/<[^>]*>?/g) ?? [];
    expect(tags.filter((tag) => !OUR_TAGS.test(tag))).toEqual([]);
  });

  it.each(['https://evil.example/x', 'www.evil.example', 'evil.example', 'send@evil.example'])(
    'gives mail programs nothing to make a link of: %s',
    (link) => {
      const { text, html } = composeMail(task({ name: `Look at ${link} now` }), ben, meeting, 'assigned');
      for (const body of [text, html]) {
        expect(body).not.toContain(link);
        expect(body.replaceAll('\u200b', '')).toContain(link);
      }
    },
  );

  it('keeps numbers and versions as they are', () => {
    expect(composeMail(task({ name: 'Raise 3.5 to 4.0 e.g. by May' }), ben, null, 'assigned').text).toContain(
      'Raise 3.5 to 4.0 e.g. by May',
    );
  });

  it('has a subject of one line, without characters that reorder it', () => {
    const name = 'Pay\r\nBcc: all@example.com\u202e now';
    expect(composeMail(task({ name }), ben, null, 'reminder').subject).toBe(
      'Due soon: Pay Bcc: all@example.com now',
    );
  });
});
