import type { Evidence } from '../../src/domain/meeting';
import { evidenceOf } from './readings';

interface Item {
  name: string;
  owner?: string;
  evidence: Evidence[];
}

export interface LabelledPair {
  label: 'same' | 'different';
  one: Item;
  other: Item;
}

/** Both cite one segment; the second quote may be another part of it. */
const inOneSegment = (
  label: LabelledPair['label'],
  one: string,
  other: string,
  quote: string,
  quoted = quote,
) => ({
  label,
  one: { name: one, evidence: evidenceOf(1, quote) },
  other: { name: other, evidence: evidenceOf(1, quoted) },
});

/** They cite places far apart. */
const apart = (label: LabelledPair['label'], one: string, other: string) => ({
  label,
  one: { name: one, evidence: evidenceOf(1, `I will ${one.toLowerCase()}`) },
  other: { name: other, evidence: evidenceOf(50, `Somebody should ${other.toLowerCase()}`) },
});

/** One of them cites nothing: a person wrote it, or no quote stood in the transcript. */
const uncited = (label: LabelledPair['label'], one: string, other: string) => ({
  label,
  one: { name: one, evidence: [] },
  other: { name: other, evidence: evidenceOf(7, `I will ${other.toLowerCase()}`) },
});

const owned = (pair: LabelledPair, owner: string, others: string): LabelledPair => ({
  ...pair,
  one: { ...pair.one, owner },
  other: { ...pair.other, owner: others },
});

/** The same sound, heard again: other segments, nearly the same times. */
const heardAgain = (
  label: LabelledPair['label'],
  one: string,
  other: string,
  quote: string,
): LabelledPair => ({
  label,
  one: { name: one, evidence: evidenceOf(3, quote) },
  other: {
    name: other,
    evidence: evidenceOf(3, quote).map((cited) => ({
      ...cited,
      segmentId: 'of the new transcript',
      startMs: cited.startMs! + 700,
      endMs: cited.endMs! + 2500,
    })),
  },
});

const PAYMENT = 'I will fix the payment tests by Friday';
const REPORT = 'I will write the report and send it to Bob on Monday';
const SUPPLIER = 'Ben, could you call the supplier and ask for new prices?';
const BOTH = "I'll send the report and book the room for the workshop";
const REVIEWS = "I'll review Anna's pull request and Ben's pull request today";

export const labelledPairs: LabelledPair[] = [
  inOneSegment('same', 'Fix the payment tests', 'Fix payment tests', PAYMENT),
  inOneSegment('same', 'Fix the payment tests', 'Repair the flaky tests for payments', PAYMENT),
  inOneSegment('same', 'Fix the payment tests', 'Fix the payment tests by Friday', PAYMENT),
  inOneSegment('same', 'Fix the payment tests', 'Ben will fix the payment tests', PAYMENT),
  inOneSegment(
    'same',
    'Fix the payment tests',
    'Get the payment test suite green',
    PAYMENT,
    'fix the payment tests',
  ),
  inOneSegment('same', 'Call the supplier about new prices', 'Ask the supplier for new prices', SUPPLIER),
  inOneSegment('same', 'Call the supplier', 'Call the supplier and ask for new prices', SUPPLIER),
  inOneSegment('same', 'Get new prices from the supplier', 'Ask the supplier for new prices', SUPPLIER),
  inOneSegment(
    'same',
    'Send the summary to everyone',
    'Share summary with everyone by Friday',
    'I will send everyone the summary on Friday',
  ),
  inOneSegment(
    'same',
    'Order 25 chairs',
    'Order twenty-five chairs for the office',
    'I will order 25 chairs',
  ),
  inOneSegment(
    'same',
    'Book a room for the workshop',
    'Reserve the workshop room',
    BOTH,
    'book the room for the workshop',
  ),
  inOneSegment(
    'same',
    'Prepare a sales plan',
    'Prepare a sales plan for the product',
    'you prepare a sales plan for the product',
  ),
  inOneSegment(
    'same',
    'Update the API documentation',
    'Documentation of the API needs an update',
    'I can update the documentation of the API',
  ),
  inOneSegment(
    'same',
    'Migrate the database to version 18',
    'Database migration to version 18',
    'Carol migrates the database to version 18',
  ),
  inOneSegment(
    'same',
    'Launch on the tenth',
    'The launch is on the tenth of November',
    'So we launch on the tenth of November',
  ),
  inOneSegment(
    'same',
    'Who signs the contract?',
    'Who will sign the contract with the agency?',
    'but who signs the contract with the agency',
  ),
  owned(inOneSegment('same', 'Fix the payment tests', 'Fix the payment tests', PAYMENT), 'Ben', 'Carol'),
  owned(inOneSegment('same', 'Fix the payment tests', 'Fix payment tests', PAYMENT), 'Ben', 'Carol'),
  owned(inOneSegment('same', 'Fix the payment tests', 'Repair the payment tests', PAYMENT), 'Ben', 'Carol'),
  heardAgain('same', 'Fix the payment tests', 'Fix the tests of payment', PAYMENT),
  heardAgain('same', 'Call the supplier', 'Call the supplier about prices', SUPPLIER),
  apart('same', 'Send the minutes', 'send the minutes!'),
  apart('same', 'Book the room for the workshop', 'Book a room for the workshop in the annex'),
  apart('same', 'Send the report to finance', 'Send the report to finance by Friday'),
  uncited('same', 'Send the report to finance', 'Send the report to Finance'),
  uncited('same', 'Book a meeting room for the review', 'Book a room for the review'),
  uncited('same', 'Renew the SSL certificate', 'Renew SSL certificates'),
  inOneSegment('same', 'Ring Bob', 'Give Robert a call', 'I will call Bob'),
  apart('same', 'Prepare the launch announcement', 'Write the launch announcement'),

  inOneSegment('different', 'Send the report', 'Book the room', BOTH),
  inOneSegment(
    'different',
    'Send the report',
    'Book the room for the workshop',
    BOTH,
    'book the room for the workshop',
  ),
  inOneSegment('different', 'Write the report', 'Send the report to Bob', REPORT),
  inOneSegment('different', "Review Anna's pull request", "Review Ben's pull request", REVIEWS),
  inOneSegment('different', 'Send the report', 'Send the invoice', 'I will send the report and the invoice'),
  inOneSegment('different', 'Update the docs', 'Update the tests', 'I update the docs, then the tests'),
  inOneSegment(
    'different',
    'Order 25 chairs',
    'Order 5 tables',
    'we need 25 chairs and 5 tables, I order them',
  ),
  inOneSegment('different', 'Call Bob', 'Call Carol', 'I will call Bob and then Carol'),
  inOneSegment(
    'different',
    'Draft the contract',
    'Book the flights',
    'I draft the contract and you book the flights',
  ),
  inOneSegment(
    'different',
    'Send the Q3 report to finance',
    'Send the Q4 report to finance',
    'I send finance the Q3 report and the Q4 report',
  ),
  owned(
    inOneSegment(
      'different',
      'Draft the budget report',
      'Review the budget report',
      "I'll draft the budget report and Carol will review it",
    ),
    'Ben',
    'Carol',
  ),
  owned(apart('different', 'Write tests', 'Write tests'), 'Anna', 'Ben'),
  owned(
    apart('different', 'Prepare the slides for your part', 'Prepare the slides for your part'),
    'Anna',
    'Carol',
  ),
  apart('different', 'Send the report', 'Send the invoice'),
  apart('different', 'Send the quarterly report to finance', 'Send the yearly report to finance'),
  apart('different', 'Send the Q3 budget report to finance', 'Send the Q4 budget report to finance'),
  apart('different', "Review Anna's pull request", "Review Ben's pull request"),
  apart(
    'different',
    "Review Anna's draft of the launch announcement",
    "Review Ben's draft of the launch announcement",
  ),
  apart('different', 'Call Bob', 'Call Bob about the price list for the new supplier'),
  apart('different', 'Launch the app on Monday', 'Launch the app on Friday'),
  apart('different', 'Write the launch announcement', 'Review the launch announcement'),
  apart('different', 'Order 25 chairs', 'Order 30 chairs'),
  uncited('different', 'Send the report', 'Send the invoice'),
  uncited('different', 'Write the tests for the login', 'Write the documentation for the login'),
  heardAgain('different', 'Fix the payment tests', 'Call the supplier', PAYMENT),
  heardAgain('different', 'Send the report', 'Book the room', BOTH),
  inOneSegment(
    'different',
    'Draft the budget',
    'Print the budget',
    'I draft the budget and print the budget',
  ),
];
