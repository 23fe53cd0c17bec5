/** A request to `POST /tasks`, unless it says otherwise, and how it must be refused. */
export interface BadInput {
  what: string;
  method?: string;
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
  answer: [status: number, code: string];
}

export const INVALID: BadInput['answer'] = [400, 'invalid-body'];
