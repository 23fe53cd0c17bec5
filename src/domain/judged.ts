import type { Deadline, Evidence } from './meeting';

/** A task whose evidence, owner and deadline our own code has checked. */
export interface JudgedTask {
  name: string;
  ownerUserId: string | null;
  ownerText: string | null;
  deadline: Deadline | null;
  deadlineText: string | null;
  category: string | null;
  needsReview: boolean;
  /** The owner says or accepts it in the cited words. */
  agreed: boolean;
  evidence: Evidence[];
}

export interface JudgedDecision {
  text: string;
  needsReview: boolean;
  evidence: Evidence[];
}

export interface JudgedQuestion extends JudgedDecision {
  status: 'open' | 'answered';
}

/** Everything that one extraction found. */
export interface JudgedItems {
  tasks: JudgedTask[];
  decisions: JudgedDecision[];
  questions: JudgedQuestion[];
}
