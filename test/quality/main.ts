/**
 * Prints, for each annotated meeting at hand, what the local extractor flags and how much of it the annotators' links
 * support: `npm run quality`. It is for reading; nothing fails by it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { LocalExtractor } from '../../src/providers/local/extractor';
import { ADJACENT_TURNS, flaggedItems, isSupported, type AnnotatedMeeting } from './support';

/** At least this share of what is flagged should be supported. */
const GOAL = 0.5;
const KINDS = ['action', 'decision', 'question'] as const;

async function report(file: string): Promise<{ flagged: number; supported: number } | null> {
  const meeting = JSON.parse(readFileSync(file, 'utf8')) as AnnotatedMeeting;
  const items = await flaggedItems(new LocalExtractor(), meeting);
  const links = Object.values(meeting.gold_evidence ?? {}).flat(2);
  const known = links.length > 0;
  console.log(`\n${meeting.id}: ${items.length} flagged${known ? '' : ' (no links to judge them by)'}`);
  for (const kind of KINDS) {
    const ofKind = items.filter((item) => item.kind === kind);
    const supported = ofKind.filter((item) => isSupported(item, links)).length;
    const gold = { action: 'actions', decision: 'decisions', question: 'problems' }[
      kind
    ] as keyof typeof meeting.gold;
    const judged = known ? `${supported} supported` : 'not judged';
    console.log(`  ${kind}s: ${ofKind.length} flagged, ${judged}; annotated: ${meeting.gold[gold].length}`);
    for (const item of ofKind) {
      console.log(
        `    ${!known ? '?' : isSupported(item, links) ? '+' : '-'} turn ${item.turns.join(', ')}: ${item.text}`,
      );
    }
  }
  return known
    ? { flagged: items.length, supported: items.filter((item) => isSupported(item, links)).length }
    : null;
}

async function main(): Promise<void> {
  const folder = path.join(projectRoot, '../shared/data/meetings');
  if (!existsSync(folder)) {
    console.warn(`The annotated meetings are not at ${folder}: nothing was measured.`);
    return;
  }
  console.log(
    `An item is supported when a segment it cites lies within ${ADJACENT_TURNS} turns of an annotator's link.`,
  );
  let flagged = 0;
  let supported = 0;
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const counts = await report(path.join(folder, name));
    flagged += counts?.flagged ?? 0;
    supported += counts?.supported ?? 0;
  }
  console.log(
    `\nWhere there are links: ${supported} of ${flagged} flagged items supported (goal: ${GOAL * 100} %).`,
  );
}

void main();
