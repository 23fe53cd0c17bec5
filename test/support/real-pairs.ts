/** Pairs of items of real meetings, with the turns that annotators linked to them. */
import type { Evidence } from '../../src/domain/meeting';
import type { LabelledPair } from './labelled-pairs';
import { readShared } from './shared-data';

type Kind = 'actions' | 'decisions' | 'problems';

interface Annotated {
  turns: { speaker: string; start: number; end: number; text: string }[];
  gold: Record<Kind, string[]>;
  /** For each item, the turns that it stands on. */
  gold_evidence?: Record<Kind, number[][]>;
}

/** The annotators' items as another reader might put them, in their order. */
const PUT_OTHERWISE: Record<string, Partial<Record<Kind, string[]>>> = {
  'ami-ES2002a': {
    actions: [
      'Work on the working design',
      'Work on the technical functions',
      'Work out what requirements the remote has to fulfil',
    ],
    decisions: [
      'Sell the remote for 25 Euro',
      'Sell the remote internationally',
      'Production costs are at most 12.50 Euro',
    ],
    problems: ['Is the remote exclusively for televisions?'],
  },
  'ami-IS1008a': {
    actions: [
      'Prepare a sales plan for the product',
      'Prepare the functional design',
      'Contribute user requirements studies to the functional design',
      'Post the presentation for all participants',
    ],
    decisions: ['Discuss the design plans at the next meeting', 'Work on a functional design first'],
    problems: ['There was not enough information about the project in advance'],
  },
  'ami-IB4003': {
    actions: [
      'Find out whether offices can be split up with walls and doors',
      'Ask whether Gisella can sit with the other admin of the school',
      'Come up with own preferences for the arrangement of people',
      'Poll other people for their preferences on the arrangement of people in the space',
      'Build a proposal on the arrangement of people from personal preferences',
      'Merge the proposal with that of another team',
      'Ask Maggie and Pierrette for their preferences',
      "Meet next Tuesday at two o'clock",
    ],
  },
};

const KINDS: Kind[] = ['actions', 'decisions', 'problems'];

type Items = LabelledPair['one'][];

/** Meetings whose items come with their turns, and one without. */
export const CITED = ['ami-ES2002a', 'ami-IS1008a'];
export const UNCITED = ['ami-IB4003'];

/** The items of each kind, and the same put otherwise. */
export const realReadings = (meetings: string[]): [Items, Items][] =>
  meetings.flatMap((id) => {
    const meeting = JSON.parse(readShared(`meetings/${id}.json`)) as Annotated;
    return KINDS.map((kind): [Items, Items] => {
      const items = itemsOf(meeting, kind);
      const otherwise = PUT_OTHERWISE[id]![kind] ?? [];
      return [items, otherwise.map((name, i) => ({ ...items[i]!, name }))];
    });
  });

/** Every item with itself put otherwise, and with every other item of its kind. */
export const realPairs = (meetings: string[]): LabelledPair[] =>
  realReadings(meetings).flatMap(([items, otherwise]) => pairsOf(items, otherwise));

function itemsOf(meeting: Annotated, kind: Kind): Items {
  return meeting.gold[kind].map((name, i) => ({
    name,
    evidence: (meeting.gold_evidence?.[kind][i] ?? []).map((turn) => cited(meeting, turn)),
  }));
}

function cited({ turns }: Annotated, turn: number): Evidence {
  const { speaker, start, end, text } = turns[turn]!;
  return { segmentId: `turn ${turn}`, startMs: start * 1000, endMs: end * 1000, speaker, quote: text };
}

function pairsOf(items: Items, otherwise: Items): LabelledPair[] {
  return items.flatMap((one, i) => [
    ...items.slice(i + 1).map((other): LabelledPair => ({ label: 'different', one, other })),
    ...otherwise.map((other, at): LabelledPair => ({ label: at === i ? 'same' : 'different', one, other })),
  ]);
}
