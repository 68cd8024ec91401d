import type { Problem } from '../problem.ts';
import type { Path, YamlSource } from '../yaml-source.ts';

/** Collects what is wrong with a scenario beyond its shape: names, times and combinations. */
export class Report {
  readonly source: YamlSource;
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #isGenerated: boolean;

  constructor(source: YamlSource, isGenerated: boolean) {
    this.source = source;
    this.#isGenerated = isGenerated;
  }

  /** With the value at `path`. */
  problem(path: Path, message: string, expected: string, suggestion?: string): void {
    this.problems.push(this.source.problem(path, message, expected, suggestion));
  }

  /** With the key that `path` ends in. */
  keyProblem(path: Path, message: string, expected: string, suggestion?: string): void {
    this.problems.push(this.source.keyProblem(path, message, expected, suggestion));
  }

  /** With a key that can do nothing: a mistake of who wrote it, and no more than a vain try where nobody did. */
  vainKey(path: Path, message: string, expected: string): void {
    if (!this.#isGenerated) this.keyProblem(path, message, expected);
  }

  /** As `vainKey`, with the value. */
  vain(path: Path, message: string, expected: string): void {
    if (!this.#isGenerated) this.problem(path, message, expected);
  }

  warning(path: Path, message: string, expected: string, suggestion?: string): void {
    this.warnings.push(this.source.problem(path, message, expected, suggestion));
  }
}
