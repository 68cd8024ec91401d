import type { Fault, Target } from '../../sim/plan.ts';
import type { WrittenEntry, WrittenTargets } from '../schema/timeline.ts';
import type { Path } from '../yaml-source.ts';
import type { Names, Scope } from './names.ts';
import { checkGroups } from './partition-groups.ts';
import type { Report } from './report.ts';

const SERVERS: Scope = { clients: false, rest: false };
const ANYBODY: Scope = { clients: true, rest: false };
const GROUP: Scope = { clients: true, rest: true };

/** Turns the fault of a timeline entry into the plan's; `undefined` stands for a target that does not exist. */
export class FaultCompiler {
  readonly #names: Names;
  readonly #report: Report;

  constructor(names: Names, report: Report) {
    this.#names = names;
    this.#report = report;
  }

  compile(entry: WrittenEntry, path: Path): Fault {
    if ('crash' in entry) return this.#crash(entry, path);
    if ('restart' in entry)
      return { kind: 'restart', target: this.#targets(entry.restart, path, 'restart', SERVERS) };
    if ('pause' in entry) {
      return { kind: 'pause', target: this.#targets(entry.pause, path, 'pause', ANYBODY), forMs: entry.for };
    }
    if ('resume' in entry)
      return { kind: 'resume', target: this.#targets(entry.resume, path, 'resume', ANYBODY) };
    if ('partition' in entry) return this.#partition(entry, path);
    if ('isolate' in entry) {
      return {
        kind: 'isolate',
        target: this.#targets(entry.isolate, path, 'isolate', ANYBODY),
        forMs: entry.for,
      };
    }
    if ('heal' in entry) return { kind: 'heal' };
    if ('link' in entry) return this.#link(entry, path);
    if ('disconnect' in entry) {
      return { kind: 'disconnect', between: this.#between(entry.disconnect, [...path, 'disconnect']) };
    }
    const target = this.#targets(entry.slowDisk, path, 'slowDisk', SERVERS);
    return { kind: 'slowDisk', target, fsync: entry.fsync, forMs: entry.for };
  }

  /** A process that is killed leaves its writes to the operating system; only with the power do they go. */
  #crash(entry: Extract<WrittenEntry, { crash: WrittenTargets }>, path: Path): Fault {
    const powerLost = entry.power === 'lost';
    if (entry.lose !== undefined && !powerLost) {
      const message = 'a process that is killed loses nothing it has written';
      this.#report.keyProblem([...path, 'lose'], message, '`power: lost` next to it, or no `lose`');
    }
    return {
      kind: 'crash',
      target: this.#targets(entry.crash, path, 'crash', SERVERS),
      lose: entry.lose ?? (powerLost ? 'some' : 'none'),
      silent: powerLost,
      restartAfterMs: entry.restartAfter,
    };
  }

  #partition(entry: Extract<WrittenEntry, { partition: WrittenTargets[] }>, path: Path): Fault {
    const at = [...path, 'partition'];
    const groups = entry.partition.map((group, index) => this.#list(group, [...at, index], GROUP));
    checkGroups(groups, at, this.#names, this.#report);
    return { kind: 'partition', groups, oneWay: entry.oneWay ?? false, forMs: entry.for };
  }

  #link(entry: Extract<WrittenEntry, { link: unknown }>, path: Path): Fault {
    const { latency, loss } = entry;
    if (latency === undefined && loss === undefined) {
      this.#report.keyProblem([...path, 'link'], 'nothing happens to the link', '`latency`, `loss` or both');
    }
    return {
      kind: 'link',
      between: this.#between(entry.link, [...path, 'link']),
      latency,
      loss,
      forMs: entry.for,
    };
  }

  #between(
    sides: readonly [WrittenTargets, WrittenTargets],
    path: Path,
  ): readonly [readonly Target[], readonly Target[]] {
    return [this.#list(sides[0], [...path, 0], ANYBODY), this.#list(sides[1], [...path, 1], ANYBODY)];
  }

  #targets(written: WrittenTargets, path: Path, key: string, scope: Scope): Target[] {
    return this.#list(written, [...path, key], scope);
  }

  #list(written: WrittenTargets, path: Path, scope: Scope): Target[] {
    if (!Array.isArray(written)) return this.#one(written, path, scope);
    return written.flatMap((word, index) => this.#one(word, [...path, index], scope));
  }

  #one(word: string | number, path: Path, scope: Scope): Target[] {
    const target = this.#names.readTarget(word, path, this.#report, scope);
    return target === undefined ? [] : [target];
  }
}
