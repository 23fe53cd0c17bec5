import type { JudgedDecision, JudgedQuestion } from '../judged';
import { differing, type ItemChange } from './change';
import { bestMatches, eachOnce } from './match';
import { fingerprint, matterOf } from './matter';

/** What a reading says of a decision or question; nobody edits those. */
export type FindingFields<Finding extends JudgedDecision = JudgedDecision | JudgedQuestion> = Finding & {
  /** Its place in the list, from 0. */
  position: number;
  fingerprint: string;
};

/**
 * Compares decisions, or questions, with those of earlier readings: what was found again keeps its id and follows the
 * new words. `whole` = the reading left nothing out; only then does what it did not find go.
 */
export function reconcileFindings<Finding extends JudgedDecision>(
  earlier: (FindingFields<Finding> & { id: string })[],
  found: readonly Finding[],
  whole: boolean,
): ItemChange<FindingFields<Finding>>[] {
  const old = earlier.map((row) => ({
    id: row.id,
    rank: 0,
    matter: matterOf([row.text], null, row.evidence),
    row,
  }));
  const once = eachOnce(
    found.map((finding) => ({
      key: JSON.stringify(finding),
      matter: matterOf([finding.text], null, finding.evidence),
      finding,
    })),
  );
  const read = once.map(({ finding, ...item }, position) => ({
    ...item,
    fields: { ...finding, position, fingerprint: fingerprint(finding.text) },
  }));
  const matches = bestMatches(old, read);
  const matched = new Set(matches.values());
  const foundChanges = read.map((item): ItemChange<FindingFields<Finding>> => {
    const match = matches.get(item);
    return match ? followed(match.row, item.fields) : { change: 'added', fields: item.fields };
  });
  const vanished = old.filter((item) => !matched.has(item));
  return [...foundChanges, ...vanished.map(({ id }) => gone<FindingFields<Finding>>(id, whole))];
}

const gone = <Fields>(id: string, whole: boolean): ItemChange<Fields> =>
  whole ? { change: 'removed', id } : { change: 'kept', id, fields: {} };

/** A place in the list and the words for matching are nothing that people see. */
const UNSEEN = ['position', 'fingerprint'];

function followed<Fields extends object>(row: Fields & { id: string }, wanted: Fields): ItemChange<Fields> {
  const fields = differing<Fields>(row, wanted);
  const seen = Object.keys(fields).some((field) => !UNSEEN.includes(field));
  return { change: seen ? 'updated' : 'kept', id: row.id, fields };
}
