import type { Problem } from '../problem.ts';
import type { Path, YamlSource } from '../yaml-source.ts';

/** Collects what is wrong with a scenario beyond its shape: names, times and combinations. */
export class Report {
  readonly source: YamlSource;
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  constructor(source: YamlSource) {
    this.source = source;
  }

  /** With the value at `path`. */
  problem(path: Path, message: string, expected: string, suggestion?: string): void {
    this.problems.push(this.source.problem(path, message, expected, suggestion));
  }

  /** With the key that `path` ends in. */
  keyProblem(path: Path, message: string, expected: string, suggestion?: string): void {
    this.problems.push(this.source.keyProblem(path, message, expected, suggestion));
  }

  warning(path: Path, message: string, expected: string, suggestion?: string): void {
    this.warnings.push(this.source.problem(path, message, expected, suggestion));
  }
}
