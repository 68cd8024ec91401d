import type { Tally } from './check-text.ts';
import type { Exhibit } from './exhibit.ts';

/** The museum for programs: one array, an object an exhibit. Fields may be added, never renamed. */
export const listJson = (exhibits: readonly Exhibit[]): string =>
  jsonText(
    exhibits.map(({ id, title, versions, promise, does }) => ({ id, title, versions, promise, does })),
  );

/** `red`: the named promise was broken with the defect, in every run; `green`: all was kept without it. */
export const checkJson = (tallies: readonly Tally[]): string =>
  jsonText(
    tallies.map(({ exhibit: { id, promise }, runs, red, green }) => ({
      id,
      promise,
      red: red === runs,
      green: green === runs,
      ...(runs > 1 && { runs, redRuns: red, greenRuns: green }),
    })),
  );

/** An object a line. */
const jsonText = (objects: readonly object[]): string =>
  `[\n${objects.map((object) => JSON.stringify(object)).join(',\n')}\n]\n`;
