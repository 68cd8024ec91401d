/** Delta debugging of one list or one number. Source of the idea: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002. */

/**
 * A part of `items`, in their order, that still fails, and from which no run of items of any tried length can be left out. Halves first,
 * then ever shorter pieces; from the end, as what comes late in a story is the least likely to matter.
 */
export function minimizeList<T>(
  items: readonly T[],
  stillFails: (left: readonly T[]) => boolean,
): readonly T[] {
  let left = items;
  for (let size = items.length; size >= 1; size = Math.floor(size / 2)) {
    for (let end = left.length; end > 0; end -= size) {
      const without = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      if (stillFails(without)) left = without;
    }
  }
  return left;
}

/** Values between two, coarse ones first: round thousands, then hundreds, and so on. */
const GRAINS = [10_000, 1_000, 500, 100, 10, 1];

/** The smallest value that was found to fail, from `least` to `value`: bisection on ever finer grains. */
export function minimizeNumber(
  value: number,
  least: number,
  stillFails: (smaller: number) => boolean,
): number {
  if (value <= least) return value;
  if (stillFails(least)) return least;
  let [passes, fails] = [least, value];
  for (const grain of GRAINS) {
    while (fails - passes > grain) {
      const middle = Math.floor((passes + fails) / 2 / grain) * grain;
      if (middle <= passes || middle >= fails) break;
      if (stillFails(middle)) fails = middle;
      else passes = middle;
    }
  }
  return fails;
}

/** A rounder time near `ms` that fails too, or `ms`. */
export function roundNumber(ms: number, stillFails: (rounder: number) => boolean): number {
  for (const grain of GRAINS) {
    const rounder = Math.round(ms / grain) * grain;
    if (rounder === ms) return ms;
    if (stillFails(rounder)) return rounder;
  }
  return ms;
}
