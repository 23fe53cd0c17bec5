import fc from 'fast-check';
import { fateAfter, REPORTED_EVENTS, type MailReport, type ReportedEvent } from './mail-report';

type Fate = Parameters<typeof fateAfter>[0];

const say = (event: ReportedEvent, blocked = false): MailReport => ({ event, blocked });
const waiting = (state: Fate['state']): Fate => ({ state, error: null });
const after = (fate: Fate, reports: MailReport[]) =>
  reports.reduce((now, report) => fateAfter(now, report) ?? now, fate);
const words = ({ state, error }: Fate) => [state, error?.code ?? null].join(' ').trim();

describe('a report about a mail', () => {
  it.each(['pending', 'sending', 'unknown'] as const)('that it was taken settles one that is %s', (state) => {
    for (const event of ['processed', 'deferred', 'delivered'] as const) {
      expect(fateAfter(waiting(state), say(event))).toEqual({ state: 'sent', error: null });
    }
  });

  it('that it was taken is believed more than our own giving up', () => {
    const gaveUp: Fate = { state: 'failed', error: { code: 'gave-up', message: 'x' } };
    expect(fateAfter(gaveUp, say('delivered'))).toEqual({ state: 'sent', error: null });
  });

  it('that it was taken tells nothing new of one that was sent', () => {
    expect(fateAfter(waiting('sent'), say('delivered'))).toBeNull();
  });

  it.each([
    [say('bounce'), 'failed mail-bounced'],
    [say('bounce', true), 'failed mail-blocked'],
    [say('dropped'), 'failed mail-dropped'],
  ])('that it was lost is a failure: %p', (report, expected) => {
    for (const state of ['pending', 'sending', 'unknown', 'sent'] as const) {
      expect(words(after(waiting(state), [report]))).toBe(expected);
    }
  });

  it('comes in any order and any number, and leaves the same fate', () => {
    const event = fc.constantFrom(...REPORTED_EVENTS.filter((name) => name !== 'dropped'));
    const reports = fc.array(
      event.map((name) => say(name)),
      { minLength: 1, maxLength: 6 },
    );
    const shuffled = reports.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.constantFrom('sending', 'unknown', 'sent'), ([list, other], state) => {
        expect(words(after(waiting(state), other))).toBe(words(after(waiting(state), list)));
      }),
    );
  });
});
