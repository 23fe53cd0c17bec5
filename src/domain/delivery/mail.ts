import { DateTime } from 'luxon';
import type { Evidence } from '../meeting';
import { deadlineWords, type Due } from './deadline-words';
import { escapeHtml, inert, oneLine } from './inert';

/** What a mail or a calendar entry says of a task; a `Task` row is one. */
export interface DeliveredTask extends Due {
  id: string;
  name: string;
  evidence: readonly Evidence[];
}

/** A `Meeting` row is one. */
export interface DeliveredMeeting {
  title: string;
  recordedAt: Date;
  timezone: string;
}

export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

const OPENING = {
  assigned: 'You have a new task.',
  reminder: 'A task of yours is due soon.',
};

const SUBJECT = { assigned: 'Your task', reminder: 'Due soon' };

/**
 * The mail to a task's owner. Everything that was said or found by a model is shown as plain words: escaped, without
 * links, without images.
 */
export function composeMail(
  task: DeliveredTask,
  recipient: { name: string },
  meeting: DeliveredMeeting | null,
  kind: 'assigned' | 'reminder',
): MailContent {
  const facts = factsOf(task, meeting);
  const quotes = task.evidence.map(quoteLine);
  const greeting = `Hello ${inert(oneLine(recipient.name))},`;
  return {
    subject: `${SUBJECT[kind]}: ${oneLine(task.name)}`,
    text: [
      greeting,
      OPENING[kind],
      facts.map(([label, words]) => `${label}: ${words}`).join('\n'),
      ...(quotes.length ? [`What was said:\n${quotes.map((quote) => `> ${quote}`).join('\n')}`] : []),
    ].join('\n\n'),
    html: html(greeting, OPENING[kind], facts, quotes),
  };
}

type Fact = [label: string, words: string];

function factsOf(task: DeliveredTask, meeting: DeliveredMeeting | null): Fact[] {
  const due = deadlineWords(task);
  const said = task.deadlineText === null ? '' : ` (said: “${inert(oneLine(task.deadlineText))}”)`;
  return [
    ['Task', inert(oneLine(task.name))],
    ['Due', due === null ? `no date${said}` : due + said],
    ...(meeting ? [['Meeting', meetingWords(meeting)] satisfies Fact] : []),
  ];
}

function meetingWords({ title, recordedAt, timezone }: DeliveredMeeting): string {
  const day = DateTime.fromJSDate(recordedAt, { zone: timezone }).toFormat('d LLLL yyyy');
  return `${inert(oneLine(title))}, ${day}`;
}

const quoteLine = ({ speaker, quote }: Evidence): string =>
  `${speaker === null ? '' : `${inert(oneLine(speaker))}: `}“${inert(oneLine(quote))}”`;

function html(greeting: string, opening: string, facts: Fact[], quotes: string[]): string {
  const rows = facts.map(
    ([label, words]) => `<tr><th align="left">${label}</th><td>${escapeHtml(words)}</td></tr>`,
  );
  const said = quotes.map((quote) => `<blockquote>${escapeHtml(quote)}</blockquote>`);
  return [
    '<!doctype html>',
    '<html lang="en"><body>',
    `<p>${escapeHtml(greeting)}</p>`,
    `<p>${opening}</p>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    ...(said.length ? ['<p>What was said:</p>', ...said] : []),
    '</body></html>',
  ].join('\n');
}
