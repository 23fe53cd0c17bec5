import type { ValidationError } from 'joi';
import type { Citation } from '../../ports';
import { ITEMS, KINDS, type Kind } from './answer-schema';
import { nothing, type Found } from './found';
import { citation, isNamed, stands, type Cited, type Ground } from './grounding';
import { isObject, parseJson } from '../json';

/** More of one kind in twenty minutes of talk are no findings. */
const MAX_ITEMS = 100;
/** Enough for a model to see what it did wrong. */
const MAX_VIOLATIONS = 40;

/** An answer after our own checks. */
export interface Checked {
  /** Right in form, and every quote stands where it is said to stand. */
  sound: Found;
  /** Right in form; a quote or an owner was not found, which is for a person to see. */
  doubtful: Found;
  /** Items that were not even right in form. */
  rejected: number;
  /** What was wrong, in words for the model; none of the transcript's. */
  violations: string[];
}

interface WireItem {
  name?: string;
  text?: string;
  owner?: string | null;
  deadline?: string | null;
  category?: string | null;
  status?: 'open' | 'answered';
  evidence: Cited[];
}

function add(found: Found, kind: Kind, item: WireItem, evidence: Citation[]): void {
  const { name = '', text = '', status = 'open', owner = null, deadline = null, category = null } = item;
  if (kind === 'decisions') found.decisions.push({ text, evidence });
  else if (kind === 'questions') found.questions.push({ text, status, evidence });
  else found.tasks.push({ name, ownerText: owner, deadlineText: deadline, category, evidence });
}

/** Where the item leans on something that nobody said. */
function doubts(item: WireItem, place: string, ground: Ground): string[] {
  const found = item.evidence.flatMap((cited, index) =>
    stands(cited, ground) ? [] : [`${place}.evidence[${index}].quote does not stand in the line it cites`],
  );
  if (item.evidence.length === 0) found.push(`${place}.evidence is empty`);
  if (item.owner && !isNamed(item.owner, item.evidence, ground))
    found.push(`${place}.owner is not named in or near the cited lines`);
  return found;
}

/** Joi's words may quote the answer, which may quote the transcript: only place and kind of the fault are kept. */
function fault(error: ValidationError, place: string): string {
  const { path, type } = error.details[0]!;
  const field = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return `${place}${field}: ${type}`;
}

function checkItem(checked: Checked, kind: Kind, claimed: unknown, place: string, ground: Ground): void {
  const validated = ITEMS[kind].validate(claimed, { stripUnknown: true });
  if (validated.error) {
    checked.rejected++;
    checked.violations.push(fault(validated.error, place));
    return;
  }
  const item = validated.value as WireItem;
  const wrong = doubts(item, place, ground);
  checked.violations.push(...wrong);
  const owner = item.owner && isNamed(item.owner, item.evidence, ground) ? item.owner : null;
  const evidence = item.evidence.flatMap((cited) => citation(cited, ground));
  add(wrong.length > 0 ? checked.doubtful : checked.sound, kind, { ...item, owner }, evidence);
}

function checkKind(checked: Checked, kind: Kind, claimed: unknown, ground: Ground): void {
  if (claimed === undefined || claimed === null) return;
  if (!Array.isArray(claimed)) {
    checked.rejected++;
    checked.violations.push(`${kind} is not an array`);
    return;
  }
  for (const [index, item] of claimed.slice(0, MAX_ITEMS).entries())
    checkItem(checked, kind, item, `${kind}[${index}]`, ground);
  if (claimed.length <= MAX_ITEMS) return;
  checked.rejected += claimed.length - MAX_ITEMS;
  checked.violations.push(`${kind} has more than ${MAX_ITEMS} items`);
}

/** Reads and checks what the model wrote; null when it is no answer at all. Every item is judged by itself. */
export function checkAnswer(written: string, ground: Ground): Checked | null {
  const answer = parseJson(written);
  if (!isObject(answer) || !KINDS.some((kind) => kind in answer)) return null;
  const checked: Checked = { sound: nothing(), doubtful: nothing(), rejected: 0, violations: [] };
  for (const kind of KINDS) checkKind(checked, kind, answer[kind], ground);
  checked.violations.splice(MAX_VIOLATIONS);
  return checked;
}
