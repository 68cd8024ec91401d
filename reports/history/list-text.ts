import { wrap } from '../display-width.ts';
import { counted, listed } from '../numbers.ts';
import { tableLines, type TableStyle } from '../table.ts';
import type { Exhibit } from './exhibit.ts';
import { versionsText } from './versions-text.ts';

/** The museum as a list: `zabsim history`, and with `--release` what of it can happen there. */
const HEAD = ['issue', 'what went wrong', 'versions', 'broken promise'];
const HINT =
  'zabsim history ISSUE runs one of them with its defect and without, and shows where the two runs part.';

export function listText(exhibits: readonly Exhibit[], style: TableStyle): string {
  return textOf([...exhibitLines(exhibits, style), '', ...hintLines(style)]);
}

/** What a release has of the museum, and what it has otherwise. */
export interface ReleaseHas {
  /** As it was asked for: `3.4.13`. */
  readonly release: string;
  readonly here: readonly Exhibit[];
  readonly elsewhere: readonly Exhibit[];
  /** Behaviours that the museum shows in no story: where they are told, and what they do. */
  readonly others: readonly (readonly [issue: string, does: string])[];
}

export function releaseText({ release, here, elsewhere, others }: ReleaseHas, style: TableStyle): string {
  const { palette, columns } = style;
  const all = counted(here.length + elsewhere.length, 'defect');
  const says = (text: string): string[] => wrap(text, columns ?? 100);
  const head = here.length === 0 ? 'none' : String(here.length);
  return textOf([
    ...says(`Of the museum's ${all} ${release} has ${head}${here.length === 0 ? '.' : ':'}`).map(
      palette.strong,
    ),
    ...(here.length === 0 ? [] : exhibitLines(here, style)),
    ...(others.length === 0 ? [] : ['', ...says(`It also does otherwise, in no story of the museum's:`)]),
    ...tableLines(others, columns),
    '',
    ...(elsewhere.length === 0
      ? []
      : says(`It can't happen there: ${listed(elsewhere.map(({ id }) => id))}.`)),
    ...hintLines(style),
  ]);
}

function exhibitLines(exhibits: readonly Exhibit[], { columns, palette }: TableStyle): string[] {
  const rows = exhibits.map(({ id, title, versions, promise }) => [
    id,
    title,
    versionsText(versions),
    promise,
  ]);
  const [head = '', ...lines] = tableLines([HEAD, ...rows], columns);
  return [palette.strong(head), ...lines];
}

const hintLines = ({ columns, palette }: TableStyle): string[] =>
  wrap(HINT, columns ?? 120).map(palette.faint);

const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
