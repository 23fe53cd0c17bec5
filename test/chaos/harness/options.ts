import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface Options {
  short: boolean;
  /** null = all. */
  rows: number[] | null;
  seed: number;
  /** Where the result is written as JSON; null = nowhere. */
  json: string | null;
}

const number = (text: string, name: string): number => {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a number, not ${text}`);
  return Number(text);
};

/** `--short`, `--row 4` (also several), `--seed 1234`, `--json file`. @throws for anything else */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      row: { type: 'string', multiple: true },
      seed: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    short: values.short,
    rows: values.row?.map((row) => number(row, 'row')) ?? null,
    seed: values.seed === undefined ? randomInt(2 ** 32 - 1) : number(values.seed, 'seed'),
    json: values.json ?? null,
  };
}
