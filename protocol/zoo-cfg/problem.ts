/**
 * What is wrong with a zoo.cfg or a myid file, and where. ZooKeeper throws a ConfigException at the first of them;
 * we list all, so that a person edits the file once.
 */
export interface Place {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

export interface ZooCfgProblem extends Place {
  readonly message: string;
  readonly expected: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

export const FILE_START: Place = { line: 1, column: 1 };

/** Problems refuse the file; warnings are what ZooKeeper tolerates and a person hardly meant. */
export class Complaints {
  readonly problems: ZooCfgProblem[] = [];
  readonly warnings: ZooCfgProblem[] = [];

  problem(place: Place, message: string, expected: string, suggestion?: string): void {
    this.problems.push(toProblem(place, message, expected, suggestion));
  }

  warning(place: Place, message: string, expected: string, suggestion?: string): void {
    this.warnings.push(toProblem(place, message, expected, suggestion));
  }
}

function toProblem(place: Place, message: string, expected: string, suggestion?: string): ZooCfgProblem {
  const problem = { line: place.line, column: place.column, message, expected };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}
