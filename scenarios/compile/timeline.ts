import { faultText } from '../../sim/faults/fault-text.ts';
import type { TimelineEntry } from '../../sim/fault-plan.ts';
import type { WrittenEntry } from '../schema/timeline.ts';
import { checkDownServers } from './down-servers.ts';
import { FaultPlace } from './fault-place.ts';
import { compileFault } from './faults.ts';
import { checkInTime } from './in-time.ts';
import type { Names } from './names.ts';
import { checkPrecedents } from './precedents.ts';
import type { Report } from './report.ts';
import { TriggerCompiler } from './triggers.ts';

/** The `timeline:` of a scenario, in the order of the file: faults of the same time strike in that order. */
export function compileTimeline(
  written: readonly WrittenEntry[],
  names: Names,
  durationMs: number,
  report: Report,
): TimelineEntry[] {
  const triggers = new TriggerCompiler(names, durationMs, report);
  const timeline = written.map((entry, index) => {
    const path = ['timeline', index];
    const trigger = triggers.trigger(entry, path);
    const fault = compileFault(entry, new FaultPlace(path, names, report), names);
    const ending = triggers.ending(entry, fault.kind, trigger, path);
    const text = faultText(fault, ending, names.nameOf);
    return { trigger, fault, ending, text, source: report.source.source(path) };
  });
  checkDownServers(timeline, names, report);
  checkPrecedents(timeline, report);
  checkInTime(timeline, durationMs, report);
  return timeline;
}
