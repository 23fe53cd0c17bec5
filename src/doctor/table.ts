import type { Finding } from './finding';

const HEAD = ['part', 'configured', 'reachable', 'authorised', 'what to do'];

const word = (known: boolean | null): string => (known === null ? '?' : known ? 'yes' : 'NO');

const rowOf = ({ part, configured, reachable, authorised, advice, broken }: Finding): string[] => [
  part,
  configured,
  word(reachable),
  word(authorised),
  advice || (broken ? 'see the log' : 'nothing'),
];

/** Columns as wide as their widest cell. */
export function table(findings: Finding[]): string {
  const rows = [HEAD, ...findings.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
