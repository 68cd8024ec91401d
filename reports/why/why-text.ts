import { interval, probability, type Estimate } from '../../sim/fuzz/why/estimate.ts';
import { isClose } from '../../sim/fuzz/why/jump-search.ts';
import { shapeOf, type Why } from '../../sim/fuzz/why/why.ts';
import type { Micros } from '../../sim/time.ts';
import type { Palette } from '../colours.ts';
import { wrap } from '../display-width.ts';
import { eventLines, indented } from '../evidence-text.ts';
import { usableWidth } from '../layout.ts';
import { counted } from '../numbers.ts';
import type { TextStyle } from '../terminal.ts';

/** How many events and draws are shown of a jump. */
const MAX_LINES = 12;
const BAR_WIDTH = 30;

/** When a run became likely to fail: a plot over virtual time, and what happened where it jumps. */
export function whyText(why: Why, { columns, palette }: TextStyle): string {
  const width = usableWidth(columns);
  const { scenario, seed, promise, evidence, brokenAt, estimates } = why;
  const futures = estimates[0]?.futures ?? 0;
  return `${[
    ...wrap(`${scenario} with seed ${seed} breaks ${promise} at ${exactly(brokenAt)}:`, width).map(
      palette.strong,
    ),
    ...evidence.flatMap((line) => indented(line, width)),
    '',
    ...wrap(`How likely that was before, by ${counted(futures, 'future')} drawn from each moment:`, width),
    ...plotLines(why, palette),
    '',
    ...answerLines(why, width, palette),
  ].join('\n')}\n`;
}

function plotLines(why: Why, palette: Palette): string[] {
  const { estimates, jump } = why;
  return estimates.map((estimate) => {
    const p = probability(estimate);
    const bar = '█'.repeat(Math.round(p * BAR_WIDTH)).padEnd(BAR_WIDTH, '·');
    const line = `  ${momentText(why, estimate).padStart(12)}  ${bar}  ${likelihood(why, estimate)}`;
    if (estimate === jump?.after) return palette.bad(`${line}  ◀ the jump`);
    return line;
  });
}

/** The last is the failure itself, which needs no estimate. */
const isFailure = ({ times }: Why, { moment }: Estimate): boolean => moment === times.length;

const momentText = (why: Why, estimate: Estimate): string =>
  isFailure(why, estimate) ? 'then' : exactly(why.times[estimate.moment] ?? why.brokenAt);

function likelihood(why: Why, estimate: Estimate): string {
  if (isFailure(why, estimate)) return 'broken';
  const [low, high] = interval(estimate);
  return `${percent(probability(estimate)).padStart(5)}  (${percent(low)} to ${percent(high)})`;
}

const percent = (p: number): string => `${String(Math.round(p * 100))} %`;

/** To the microsecond, as events are told apart by that. */
const exactly = (at: Micros): string => `${(at / 1_000_000).toFixed(6)}s`;

function answerLines(why: Why, width: number, palette: Palette): string[] {
  const { jump, promise, estimates } = why;
  const [first] = estimates;
  if (jump === undefined || first === undefined) {
    const text =
      shapeOf(why) === 'always'
        ? `Whatever is drawn, ${promise} is broken nearly always: the plan and what is run decide it, not chance.`
        : 'It became likely bit by bit: no single moment stands out. More --futures may tell more.';
    return wrap(text, width);
  }
  const from = momentText(why, jump.before);
  const to = momentText(why, jump.after);
  const grew = `from ${percent(probability(jump.before))} to ${percent(probability(jump.after))}`;
  const text = isClose(jump)
    ? `It jumps ${grew} with what happened at ${from}. What was decided there:`
    : `It jumps ${grew} between ${from} and ${to}. In between:`;
  return [
    ...wrap(text, width).map(palette.strong),
    ...few(why.events).flatMap((event) => eventLines(event, width, 2)),
    ...(why.draws.length === 0 || !isClose(jump) ? [] : ['  drawn then:']),
    ...(isClose(jump) ? few(why.draws).flatMap((draw) => eventLines(draw, width, 4)) : []),
  ];
}

const few = (lines: readonly string[]): readonly string[] =>
  lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `… and ${String(lines.length - MAX_LINES)} more`];
