import ICAL from 'ical.js';

/** What a person's calendar program shows of an iCalendar file; '' = there is none. */
export function entriesIn(file: string): { uid: string; summary: string; start: string }[] {
  if (file === '') return [];
  const calendar = new ICAL.Component(ICAL.parse(file) as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return { uid: event.uid, summary: event.summary, start: event.startDate.toString() };
  });
}
