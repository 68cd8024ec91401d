export interface DifferentLine {
  /** From 0. */
  readonly index: number;
  /** Undefined: it had ended. */
  readonly first: string | undefined;
  readonly second: string | undefined;
}

/** Reads two texts side by side, and no further than they are the same. */
export async function firstDifferentLine(
  first: AsyncIterable<string>,
  second: AsyncIterable<string>,
): Promise<DifferentLine | undefined> {
  const [one, two] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()];
  try {
    for (let index = 0; ; index++) {
      const [a, b] = await Promise.all([one.next(), two.next()]);
      const [lineA, lineB] = [a, b].map((next) => (next.done === true ? undefined : next.value));
      if (lineA !== lineB) return { index, first: lineA, second: lineB };
      if (lineA === undefined) return undefined;
    }
  } finally {
    await Promise.all([one.return?.(), two.return?.()]);
  }
}
