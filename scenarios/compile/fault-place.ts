import type { FaultKind, Target } from '../../sim/fault-plan.ts';
import type { WrittenSides, WrittenTarget, WrittenTargets } from '../schema/targets.ts';
import type { Path } from '../yaml-source.ts';
import type { Names, Scope } from './names.ts';
import type { Report } from './report.ts';

export const SERVERS: Scope = { servers: true, clients: false, rest: false };
export const CLIENTS: Scope = { servers: false, clients: true, rest: false };
export const ANYBODY: Scope = { servers: true, clients: true, rest: false };
export const GROUP: Scope = { servers: true, clients: true, rest: true };

/** Where a fault stands in the file: reads the targets there, and complains about what is wrong there. */
export class FaultPlace {
  readonly #path: Path;
  readonly #names: Names;
  readonly report: Report;

  constructor(path: Path, names: Names, report: Report) {
    this.#path = path;
    this.#names = names;
    this.report = report;
  }

  at(...steps: Path): Path {
    return [...this.#path, ...steps];
  }

  /** About a key of this entry. */
  complain(key: string, message: string, expected: string): void {
    this.report.keyProblem(this.at(key), message, expected);
  }

  /** Who is named; nobody who does not exist, after a complaint. */
  targets(written: WrittenTargets, scope: Scope, ...steps: Path): Target[] {
    if (!Array.isArray(written)) return this.#one(written, this.at(...steps), scope);
    return written.flatMap((word, index) => this.#one(word, this.at(...steps, index), scope));
  }

  /** The two ends of links. Nobody has a link to itself. */
  sides(written: WrittenSides, kind: FaultKind): readonly [readonly Target[], readonly Target[]] {
    const left = this.targets(written[0], ANYBODY, kind, 0);
    const right = this.targets(written[1], ANYBODY, kind, 1);
    if (isOneParty(left) && isOneParty(right) && sameWord(left, right)) {
      this.report.vain(this.at(kind, 1), 'it is the other end as well', 'somebody else');
    }
    return [left, right];
  }

  /** Who gives has to be somebody else than who takes. */
  checkOther(takers: readonly Target[], giver: Target, key: string): void {
    if (isOneParty(takers) && sameWord(takers, [giver]))
      this.report.vainKey(this.at(key), 'it is the same server', 'another one');
  }

  #one(word: WrittenTarget, path: Path, scope: Scope): Target[] {
    const target = this.#names.readTarget(word, path, this.report, scope);
    return target === undefined ? [] : [target];
  }
}

const ONE_PARTY: ReadonlySet<Target['kind']> = new Set<Target['kind']>(['server', 'client', 'leader']);

const isOneParty = (side: readonly Target[]): boolean =>
  side.length === 1 && side.every(({ kind }) => ONE_PARTY.has(kind));

const sameWord = (left: readonly Target[], right: readonly Target[]): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
