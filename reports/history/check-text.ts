import type { Palette } from '../colours.ts';
import { grouped } from '../numbers.ts';
import { tableLines, type TableStyle } from '../table.ts';
import { BROKEN, KEPT } from '../verdict-text.ts';
import { isKept, isRed, type BothSides, type Exhibit } from './exhibit.ts';

/** Exhibits on both sides, with one seed or with many: `zabsim history --check`. */
export interface Tally {
  readonly exhibit: Exhibit;
  readonly runs: number;
  /** In how many of them the defect broke the promise that it is said to break. */
  readonly red: number;
  /** In how many everything was kept without it. */
  readonly green: number;
}

export const tallyOf = (exhibit: Exhibit, runs: readonly BothSides[]): Tally => ({
  exhibit,
  runs: runs.length,
  red: runs.filter(isRed).length,
  green: runs.filter(isKept).length,
});

export const isClean = ({ runs, red, green }: Tally): boolean => red === runs && green === runs;

const HEAD = ['issue', 'promise', 'broken with the defect', 'all kept without it'];

export function checkText(tallies: readonly Tally[], { columns, palette }: TableStyle): string {
  const rows = tallies.map(({ exhibit, runs, red, green }) => [
    exhibit.id,
    exhibit.promise,
    share(red, runs),
    share(green, runs),
  ]);
  const [head = '', ...lines] = tableLines([HEAD, ...rows], columns);
  const painted = lines.map((line) => (line.includes(BROKEN) ? palette.bad(line) : line));
  return `${[palette.strong(head), ...painted, '', conclusion(tallies, palette)].join('\n')}\n`;
}

const share = (count: number, runs: number): string => {
  const mark = count === runs ? KEPT : BROKEN;
  return runs === 1
    ? `${mark} ${count === 1 ? 'yes' : 'no'}`
    : `${mark} ${grouped(count)} of ${grouped(runs)}`;
};

function conclusion(tallies: readonly Tally[], palette: Palette): string {
  const bad = tallies.filter((tally) => !isClean(tally)).length;
  if (bad > 0) return palette.bad(`${BROKEN} ${grouped(bad)} of ${grouped(tallies.length)} are not as told.`);
  return palette.good(`${KEPT} Every defect breaks its promise, and nothing is broken without it.`);
}
