import type { Fault, TimelineEntry, Trigger } from '../../sim/plan.ts';
import type { WrittenEntry, WrittenWhen } from '../schema/timeline.ts';
import type { Path } from '../yaml-source.ts';
import { afterTheEnd } from './clients.ts';
import { checkDownServers } from './down-servers.ts';
import { readEventType, readFields } from './events.ts';
import { FaultCompiler } from './faults.ts';
import { inlineEntry } from './inline.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

/** The `timeline:` of a scenario, in the order of the file: faults of the same time strike in that order. */
export function compileTimeline(
  written: readonly WrittenEntry[],
  names: Names,
  durationMs: number,
  report: Report,
): TimelineEntry[] {
  const faults = new FaultCompiler(names, report);
  const timeline = written.map((entry, index) => {
    const path = ['timeline', index];
    const trigger = compileTrigger(entry, path, names, durationMs, report);
    const fault = faults.compile(entry, path);
    checkDuration(entry, fault, path, report);
    const text = inlineEntry(report.source.at(path), ['at', 'when', 'after']);
    return { trigger, fault, text, source: report.source.source(path) };
  });
  checkDownServers(timeline, names, report);
  return timeline;
}

function compileTrigger(
  entry: WrittenEntry,
  path: Path,
  names: Names,
  durationMs: number,
  report: Report,
): Trigger {
  if (entry.when !== undefined) {
    if (entry.at !== undefined) {
      report.keyProblem(
        [...path, 'at'],
        '`at` does not go with `when`',
        'either `at`, or `when` and perhaps `after`',
      );
    }
    return compileWhen(entry.when, entry.after ?? 0, [...path, 'when'], names, report);
  }
  if (entry.after !== undefined) {
    report.keyProblem([...path, 'after'], '`after` does not go without `when`', '`at`, or `when` next to it');
  } else if (entry.at === undefined) {
    report.problem(path, 'it is not said when', '`at:` and a time, or `when:` and an event');
  }
  const atMs = entry.at ?? 0;
  if (atMs >= durationMs) report.problem([...path, 'at'], ...afterTheEnd(atMs, durationMs));
  return { kind: 'at', atMs };
}

function compileWhen(when: WrittenWhen, delayMs: number, path: Path, names: Names, report: Report): Trigger {
  const event = readEventType(when.event, [...path, 'event'], report) ?? 'committed';
  const isKnown = event === when.event;
  const scope = { clients: true, rest: false };
  return {
    kind: 'when',
    event,
    fields: isKnown ? readFields(event, when.with, [...path, 'with'], names, report) : {},
    on: when.on === undefined ? undefined : names.readTarget(when.on, [...path, 'on'], report, scope),
    count: when.count ?? 1,
    afterMs: when.since ?? 0,
    delayMs,
  };
}

/** A fault that ends as it begins is a mistake. */
function checkDuration(entry: WrittenEntry, fault: Fault, path: Path, report: Report): void {
  if ('for' in entry && entry.for === 0) {
    report.problem([...path, 'for'], `the ${fault.kind} ends at once`, 'a time above zero');
  }
}
