/**
 * A caller's mistake in a scenario, a zoo.cfg or a myid file: what is wrong, where, and what was expected there
 * (law 8, exit status 2). Reading a scenario never throws for what the files say; it gives a list of these.
 */
export interface Problem {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  /** What was probably meant, to be written instead. */
  readonly suggestion?: string;
}

export function toProblem(
  at: { readonly file: string; readonly line: number; readonly column: number },
  message: string,
  expected: string,
  suggestion?: string,
): Problem {
  const problem = { file: at.file, line: at.line, column: at.column, message, expected };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

/** By file as first met, then by place, so that a person can go down the list. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
