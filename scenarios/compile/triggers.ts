import { FOR_EVER } from '../../sim/plan-defaults.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { Ending, FaultKind, Trigger, When } from '../../sim/fault-plan.ts';
import { lastsOn, type WrittenEntry } from '../schema/timeline.ts';
import type { WrittenUntil } from '../schema/triggers.ts';
import type { Path } from '../yaml-source.ts';
import { neverPasses } from './activities.ts';
import { afterTheEnd } from './clients.ts';
import { readEventType, readFields } from './events.ts';
import { ANYBODY } from './fault-place.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

type Key = 'at' | 'every' | 'from' | 'times' | 'when' | 'then' | 'after';

const SAY_WHEN = '`at:` and a time, `every:` and an interval, `when:` and an event, or `then:` and a time';

/** When a fault strikes, and when it is over. */
export class TriggerCompiler {
  readonly #names: Names;
  readonly #durationMs: number;
  readonly #report: Report;

  constructor(names: Names, durationMs: number, report: Report) {
    this.#names = names;
    this.#durationMs = durationMs;
    this.#report = report;
  }

  trigger(entry: WrittenEntry, path: Path): Trigger {
    if (entry.when !== undefined) {
      this.#refuse(entry, ['at', 'every', 'from', 'times', 'then'], 'with `when`', path);
      const { since, ...when } = entry.when;
      const afterPrevious = since === 'previous';
      if (afterPrevious) this.#needAbove(path, ['when', 'since']);
      const event = this.#when({ ...when, since: afterPrevious ? undefined : since }, [...path, 'when']);
      return { kind: 'when', ...event, delayMs: entry.after ?? 0, afterPrevious };
    }
    if (entry.every !== undefined) {
      this.#refuse(entry, ['at', 'then', 'after'], 'with `every`', path);
      return this.#every(entry, entry.every, path);
    }
    if (entry.then !== undefined) {
      this.#refuse(entry, ['at', 'from', 'times', 'after'], 'with `then`', path);
      this.#needAbove(path, ['then']);
      return { kind: 'then', delayMs: entry.then };
    }
    this.#refuse(entry, ['from', 'times'], 'without `every`', path);
    this.#refuse(entry, ['after'], 'without `when`', path);
    const isUnsaid = entry.at === undefined && entry.from === undefined && entry.times === undefined;
    if (isUnsaid && entry.after === undefined) this.#report.problem(path, 'it is not said when', SAY_WHEN);
    const atMs = entry.at ?? 0;
    if (atMs >= this.#durationMs) {
      this.#report.problem([...path, 'at'], ...afterTheEnd(atMs, this.#durationMs));
    }
    return { kind: 'at', atMs };
  }

  ending(entry: WrittenEntry, kind: FaultKind, trigger: Trigger, path: Path): Ending | undefined {
    const forMs = 'for' in entry ? entry.for : undefined;
    if (forMs === 0) this.#report.problem([...path, 'for'], `the ${kind} ends at once`, 'a time above zero');
    if (kind === 'clock' && 'step' in entry && entry.drift === undefined && entry.freeze === undefined) {
      this.#refuseToEnd(entry, path, 'a step of the clock is for ever', 'a step back by a fault of its own');
    }
    if ('disconnect' in entry && entry.told !== 'nobody') {
      this.#refuseToEnd(entry, path, 'who is told knows it for good', 'it with `told: nobody`');
    }
    const { until } = entry;
    if (trigger.kind === 'every') {
      if (until !== undefined && typeof until !== 'number') {
        const message = '`every` goes on until a time, not until an event or another entry';
        this.#report.problem([...path, 'until'], message, 'a time; and `for` is how long each one lasts');
      }
    } else if (until !== undefined) {
      if (forMs !== undefined) {
        this.#report.keyProblem([...path, 'until'], '`until` does not go with `for`', 'one or the other');
      }
      return this.#until(until, kind, trigger, path);
    }
    return forMs === undefined ? undefined : { kind: 'for', ms: forMs };
  }

  #every(entry: WrittenEntry, interval: NonNullable<WrittenEntry['every']>, path: Path): Trigger {
    const { from: fromMs = 0, until, times = FOR_EVER } = entry;
    const untilMs = typeof until === 'number' ? until : this.#durationMs;
    if (neverPasses(interval)) {
      this.#report.problem([...path, 'every'], 'no time passes in between', 'an interval above zero');
    }
    if (fromMs >= this.#durationMs) {
      this.#report.problem([...path, 'from'], ...afterTheEnd(fromMs, this.#durationMs));
    } else if (untilMs <= fromMs) {
      const expected = `a time after ${timeText(fromMs)}`;
      this.#report.problem([...path, 'until'], 'it ends before it begins', expected);
    }
    return { kind: 'every', interval, fromMs, untilMs, times };
  }

  #needAbove(path: Path, key: Path): void {
    if (path.at(-1) !== 0) return;
    this.#report.problem([...path, ...key], 'there is no entry above this one', '`at:` and a time');
  }

  #until(until: WrittenUntil, kind: FaultKind, trigger: Trigger, path: Path): Ending {
    const at = [...path, 'until'];
    if (!lastsOn(kind)) {
      const expected = '`until` next to `every`, or with a fault that lasts';
      this.#report.keyProblem(at, `the ${kind} is over as soon as it has struck`, expected);
    }
    if (until === 'next') return { kind: 'untilNext' };
    if (typeof until === 'object') return { kind: 'untilEvent', ...this.#when(until, at) };
    const fromMs = trigger.kind === 'at' ? trigger.atMs : 0;
    if (until <= fromMs) {
      this.#report.problem(at, 'it ends before it begins', `a time after ${timeText(fromMs)}`);
    }
    return { kind: 'until', atMs: until };
  }

  #when(when: Exclude<WrittenUntil, number | string>, path: Path): When {
    const event = readEventType(when.event, [...path, 'event'], this.#report) ?? 'committed';
    const isKnown = event === when.event;
    return {
      event,
      fields: isKnown ? readFields(event, when.with, [...path, 'with'], this.#names, this.#report) : {},
      on:
        when.on === undefined
          ? undefined
          : this.#names.readTarget(when.on, [...path, 'on'], this.#report, ANYBODY),
      count: when.count ?? 1,
      afterMs: when.since ?? 0,
    };
  }

  #refuseToEnd(entry: WrittenEntry, path: Path, message: string, expected: string): void {
    const keys = entry.every === undefined ? (['for', 'until'] as const) : (['for'] as const);
    for (const key of keys) {
      if (key in entry) this.#report.keyProblem([...path, key], message, expected);
    }
  }

  #refuse(entry: WrittenEntry, keys: readonly Key[], besides: string, path: Path): void {
    for (const key of keys) {
      if (entry[key] === undefined) continue;
      this.#report.keyProblem([...path, key], `\`${key}\` does not go ${besides}`, SAY_WHEN);
    }
  }
}
