/** What a run that goes on as new takes along: what it did not come to write down, and what an operator shall read. */
import { RawValue } from '@temporalio/common';
import type { SignalledRequest } from '../activities/plan-work';
import { decoded } from './undecoded';

export interface Carried {
  signalled: SignalledRequest[];
  notes: string[];
}

/** The input of the next run. */
export const carry = (carried: Carried): RawValue => new RawValue(carried);

/** Only we give a run input: what somebody typed by hand is as good as none. */
export function readCarried(input: unknown): Carried {
  const { signalled, notes } = (decoded(input) ?? {}) as Partial<Carried>;
  return Array.isArray(signalled) && Array.isArray(notes)
    ? { signalled, notes }
    : { signalled: [], notes: [] };
}
