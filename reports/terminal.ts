import { toMs } from '../sim/time.ts';
import type { Palette } from './colours.ts';
import { drawnText, headText } from './head-text.ts';
import { layoutFor, usableWidth } from './layout.ts';
import { duration } from './numbers.ts';
import { reproduceCommand } from './reproduce.ts';
import type { RunRecord, UnfinishedRun } from './run-record.ts';
import { serversText } from './servers-text.ts';
import { summaryText } from './summary-text.ts';
import { timelineLines } from './timeline-text.ts';
import { expectationsText, promisesText } from './verdict-text.ts';

/**
 * A run as text for people: the story and its ensemble, the timeline, the servers at the end, promises, expectations, what was
 * proven, and as the very last line the command that runs it again.
 */
export interface TextStyle {
  /** Columns of the terminal; used within 80 and 160. */
  readonly columns: number;
  readonly palette: Palette;
}

export function runText(record: RunRecord, { columns, palette }: TextStyle): string {
  const { result } = record;
  const width = usableWidth(columns);
  return toText([
    ...headAndTimeline({ ...record, scenario: result.scenario, seed: result.seed }, { columns, palette }),
    '',
    ...drawnText(record.drawn ?? [], width, palette),
    ...serversText(result, palette),
    '',
    ...promisesText(result, width, palette),
    ...expectationsText(result, width, palette),
    '',
    ...summaryText(record, width, palette),
    `${palette.strong(reproduceCommand(result))}  ${palette.faint(`# fingerprint ${result.fingerprint}`)}`,
  ]);
}

/** A run that was interrupted: how far it got, without a verdict. */
export function interruptedText(run: UnfinishedRun, style: TextStyle): string {
  const { palette } = style;
  const at = duration(toMs(run.timeline.endedAt));
  return toText([
    ...headAndTimeline(run, style),
    '',
    palette.warning(`Interrupted after ${at} of virtual time: nothing is proven.`),
    palette.strong(reproduceCommand({ ...run, release: run.plan.release })),
  ]);
}

function headAndTimeline(
  { plan, scenario, seed, timeline }: UnfinishedRun,
  { columns, palette }: TextStyle,
): string[] {
  const { servers } = plan.ensemble;
  const layout = layoutFor(servers, columns);
  return [
    ...headText(plan, scenario, seed, layout.width, palette),
    '',
    ...timelineLines(timeline, servers, layout, palette),
  ];
}

const toText = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
