import { type DrawDifference, hasSameAddress, type SeenDraw } from '../sim/doctor/draw-parting.ts';
import type { Finding } from '../sim/doctor/examination.ts';
import { drawText } from '../sim/draw-text.ts';
import { partyNames, type PartyNames } from '../sim/party-names.ts';
import type { RunPlan } from '../sim/plan.ts';
import type { RunResult } from '../sim/result.ts';
import { formatTraceEvent } from '../sim/trace-format.ts';
import type { TraceRecord } from '../sim/trace.ts';
import { wrap } from './display-width.ts';
import { eventLines } from './evidence-text.ts';
import { usableWidth } from './layout.ts';
import { clockTime, counted } from './numbers.ts';
import type { TextStyle } from './terminal.ts';

interface Patient {
  /** As the user called the scenario. */
  readonly argument: string;
  readonly seed: string;
  readonly plan: RunPlan;
}

/** Two runs of one plan and seed. */
export interface Diagnosis extends Patient {
  readonly first: RunResult;
  readonly second: RunResult;
  /** Undefined: they are the same. */
  readonly finding: Finding | undefined;
}

export function sameText(
  { argument, seed }: Patient,
  { events, fingerprint }: RunResult,
  runs: number,
  { columns, palette }: TextStyle,
): string {
  const text = `${argument} with seed ${seed} is the same ${String(runs)} times, with other runs in between: ${counted(events, 'event')}, fingerprint ${fingerprint}.`;
  return `${wrap(text, usableWidth(columns)).map(palette.good).join('\n')}\n`;
}

const BEFORE = 3;

export function differentText(diagnosis: Diagnosis, { columns, palette }: TextStyle): string {
  const { argument, seed, plan, finding, first, second } = diagnosis;
  if (finding === undefined) return '';
  const width = usableWidth(columns);
  const { parting, draw } = finding;
  const [one, two] = [parting.first[0], parting.second[0]];
  const nameOf = partyNames(plan);
  const at = Math.min(one?.at ?? Infinity, two?.at ?? Infinity);
  const shown = (label: string, record: TraceRecord | undefined): string[] =>
    labelled(label, record === undefined ? 'nothing more' : eventText(record, nameOf), width);
  return `${[
    ...wrap(
      `${argument} with seed ${seed} is not the same twice. This is a defect of Zabsim: please report it.`,
      width,
    ).map(palette.bad),
    `Fingerprints ${first.fingerprint} and ${second.fingerprint}.`,
    palette.strong(`The runs part after ${counted(parting.events, 'event')}, at ${clockTime(at)}`),
    ...parting.common
      .slice(-BEFORE)
      .flatMap((record) => shown('both', record))
      .map(palette.faint),
    ...shown('first', one),
    ...shown('second', two),
    ...wrap(`Cause: ${causeText(draw, nameOf)}`, width),
  ].join('\n')}\n`;
}

const eventText = ({ at, party, event }: TraceRecord, nameOf: PartyNames): string =>
  formatTraceEvent(at, party, event, nameOf);

const labelled = (label: string, event: string, width: number): string[] =>
  eventLines(event, width - 10, 0).map((line, index) => `  ${(index === 0 ? label : '').padEnd(8)}${line}`);

/** What is behind it, as far as draws can tell. */
function causeText(difference: DrawDifference | undefined, nameOf: PartyNames): string {
  if (difference === undefined)
    return 'every draw until then was the same, so it is not chance: something else got in, such as what an earlier run left behind, real time, or the order in which something was gone through (law 6).';
  const { first, second } = difference;
  const draw = (seen: SeenDraw | undefined): string =>
    seen === undefined ? 'nothing more' : `${drawText(seen.draw, nameOf)} (at ${clockTime(seen.at)})`;
  if (first !== undefined && second !== undefined && hasSameAddress(first.draw, second.draw))
    return `the draw itself, which is no function of its address (law 5): ${draw(first)} gave ${String(first.draw.value)} and then ${String(second.draw.value)}.`;
  return `the first run drew for ${draw(first)}, the second for ${draw(second)}: whoever draws there did not do the same, though all draws before were the same (law 6).`;
}
