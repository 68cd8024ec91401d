import { partyNames } from '../../sim/party-names.ts';
import { formatTraceEvent } from '../../sim/trace-format.ts';
import type { TraceRecord } from '../../sim/trace.ts';
import type { Palette } from '../colours.ts';
import { wrap } from '../display-width.ts';
import { eventLines, evidenceLines } from '../evidence-text.ts';
import { usableWidth } from '../layout.ts';
import { clockTime, counted, listed } from '../numbers.ts';
import { reproduceCommand } from '../reproduce.ts';
import { isBroken } from '../run-record.ts';
import type { TextStyle } from '../terminal.ts';
import { BROKEN, KEPT } from '../verdict-text.ts';
import { isKept, isRed, type BothSides, type Compared, type Exhibit } from './exhibit.ts';
import { versionsText } from './versions-text.ts';

/** One exhibit of the museum on both sides: the story, where the two runs part, and what came of it. */
export function storyText(compared: Compared, { columns, palette }: TextStyle): string {
  const width = usableWidth(columns);
  const { exhibit, seed, red } = compared;
  const command = { scenario: exhibit.id, seed };
  return `${[
    ...headLines(exhibit, width, palette),
    '',
    ...partingLines(compared, width, palette),
    '',
    ...redLines(compared, width, palette),
    ...greenLines(compared, width, palette),
    '',
    `${palette.strong(reproduceCommand({ ...command, release: red.release }))}  ${palette.faint('# with the defect')}`,
    `${palette.strong(reproduceCommand(command))}  ${palette.faint('# without it')}`,
  ].join('\n')}\n`;
}

function headLines({ id, title, does, versions, plan }: Exhibit, width: number, palette: Palette): string[] {
  return [
    ...wrap(`${id}: ${title}`, width).map(palette.strong),
    ...wrap(plan.description, width),
    '',
    ...wrap(`The defect (${versionsText(versions)}): ${does.join(' ')}`, width),
  ];
}

// ---------------------------------------------------------------------------------------------- where they part

/** How many events are shown before the parting, and of each run after it. */
const BEFORE = 3;
const AFTER = 4;
const LABELS = {
  both: 'both       ',
  red: 'with it    ',
  green: 'without it ',
  more: '           ',
} as const;

function partingLines({ exhibit, parting, seed }: Compared, width: number, palette: Palette): string[] {
  if (parting === undefined)
    return wrap(`With seed ${seed} the two runs are the same, event by event.`, width).map(palette.bad);
  const { events, common, first, second } = parting;
  const [red, green] = [first, second].map((records) => records.map(formatterOf(exhibit)));
  const at = Math.min(...[first, second].flatMap(([next]) => (next === undefined ? [] : [next.at])));
  return [
    palette.strong(`The two runs part after ${counted(events, 'event')}, at ${clockTime(at)}`),
    ...sideLines('both', common.slice(-BEFORE).map(formatterOf(exhibit)), width).map(palette.faint),
    ...sideLines('red', ownOf(red, green), width).map(palette.bad),
    ...sideLines('green', ownOf(green, red), width).map(palette.good),
  ];
}

const formatterOf =
  ({ plan }: Exhibit) =>
  ({ at, party, event }: TraceRecord): string =>
    formatTraceEvent(at, party, event, partyNames(plan));

/** What only this run does next: an event that just comes sooner or later in the other one explains nothing. */
function ownOf(lines: readonly string[] = [], others: readonly string[] = []): readonly string[] {
  const own = lines.filter((line) => !others.includes(line)).slice(0, AFTER);
  return own.length === 0 ? ['nothing that the other does not do'] : own;
}

const sideLines = (side: 'both' | 'red' | 'green', events: readonly string[], width: number): string[] =>
  events
    .flatMap((event) => eventLines(event, width - LABELS.both.length - 2, 0))
    .map((line, index) => `  ${index === 0 ? LABELS[side] : LABELS.more}${line}`);

// ---------------------------------------------------------------------------------------------- what came of it

function redLines(sides: BothSides, width: number, palette: Palette): string[] {
  const { exhibit, red } = sides;
  const broken = red.promises.filter(isBroken);
  const named = red.promises.find(({ name }) => name === exhibit.promise);
  const others = broken.filter((promise) => promise !== named).map(({ name }) => name);
  const head = isRed(sides)
    ? palette.bad(`With the defect: ${BROKEN} ${exhibit.promise} is broken`)
    : palette.warning(`With the defect: ${exhibit.promise} should be broken, and was not`);
  return [
    head,
    ...(named === undefined ? [] : evidenceLines(named, width, palette)),
    ...(others.length === 0 ? [] : wrap(`  Broken too: ${listed(others)}.`, width)),
  ];
}

function greenLines(sides: BothSides, width: number, palette: Palette): string[] {
  const { green } = sides;
  if (isKept(sides)) {
    const checks = green.promises.reduce((sum, { checked }) => sum + checked, 0);
    const text = `Without it: ${KEPT} every promise is kept, in ${counted(checks, 'check')}`;
    return [palette.good(text)];
  }
  const broken = green.promises.filter(isBroken);
  const missed = green.expectations.filter(({ met }) => !met);
  return [
    palette.bad(`Without it: ${BROKEN} not all is well: the verdict is ${green.verdict}`),
    ...broken.flatMap((promise) => [`    ${promise.name}`, ...evidenceLines(promise, width, palette)]),
    ...missed.flatMap(({ text }) => wrap(`    missed: ${text}`, width)),
  ];
}
