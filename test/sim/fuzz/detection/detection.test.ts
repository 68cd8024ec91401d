import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../../../../protocol/assert.ts';
import { detectionTables, inReadme } from '../../../../reports/fuzz/detection-table.ts';
import { museumNames } from '../../../../scenarios/library.ts';
import { detect } from '../../../../sim/cli/campaign/detect.ts';
import { QUESTS } from '../../../../sim/fuzz/detection/quests.ts';
import {
  isSettled,
  knownUpTo,
  medianOf,
  withDetection,
  type Detection,
  type Detections,
  type Results,
} from '../../../../sim/fuzz/detection/results.ts';
import { libraryPlan } from '../../../support/library-plan.ts';

const RESULTS = JSON.parse(readFileSync('sim/fuzz/detection/results.json', 'utf8')) as Results;
const README = readFileSync('sim/fuzz/README.md', 'utf8');

const promiseOf = (issue: string): string => defined(libraryPlan(issue).history, issue).breaks;
const promises = new Map(museumNames().map((issue) => [issue, promiseOf(issue)]));

const seeds = (detections: readonly Detection[]): Detections =>
  Object.fromEntries(detections.map((detection, i) => [i + 1, detection]));
const never = { atLeast: 500 };
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

describe('what was measured of the fuzzer', () => {
  it('has every defect of the museum', () => {
    expect(QUESTS.map(({ issue }) => issue).toSorted()).toEqual(museumNames().toSorted());
  });

  it('stands in the README as it was measured', () => {
    expect(inReadme(README, detectionTables(RESULTS, promises))).toBe(README);
  });

  /** Those that are found soon, so that this takes a moment: were the generator another one by now, some of them would differ. */
  const cheap = Object.entries(RESULTS).flatMap(([issue, { random = {}, guided = {} }]) => [
    ...(typeof random[1] === 'number' && random[1] <= 20 ? [[issue, 'random', random[1]] as const] : []),
    ...(typeof guided[1] === 'number' && guided[1] <= 60 ? [[issue, 'guided', guided[1]] as const] : []),
  ]);

  it.each(cheap)('is what the fuzzer does today: %s, %s', (issue, strategy, runs) => {
    const task = { issue, promise: promiseOf(issue), strategy, base: 1, cap: 100 };
    expect(detect(task)).toBe(runs);
  });

  it('is enough of it to tell', () => {
    expect(cheap.length).toBeGreaterThan(5);
  });
});

describe('the median of detections', () => {
  it.each<[string, readonly Detection[], number | undefined]>([
    ['an odd number', [5, 1, 100], 5],
    ['an even number: the mean of the middle two', [1, 4, 7, 100], 5.5],
    ['some that found nothing', [3, 9, never], 9],
    ['half that found nothing', [3, 9, never, never], undefined],
    ['none', [], undefined],
  ])('of %s', (_, detections, median) => {
    expect(medianOf(seeds(detections))).toBe(median);
  });

  it('is settled after twenty, or when more than ten found nothing', () => {
    expect(isSettled(seeds(times(19, 5)))).toBe(false);
    expect(isSettled(seeds(times(20, 5)))).toBe(true);
    expect(isSettled(seeds(times(10, never)))).toBe(false);
    expect(isSettled(seeds(times(11, never)))).toBe(true);
  });

  it('is measured again where more runs are wanted than a base seed was given', () => {
    expect(knownUpTo(500, seeds([7, never]))).toEqual({ 1: 7, 2: never });
    expect(knownUpTo(501, seeds([7, never]))).toEqual({ 1: 7 });
  });

  it('is noted for each defect, strategy and base seed on its own', () => {
    const one = withDetection({}, { issue: 'A', strategy: 'random', base: 2 }, 7);
    const two = withDetection(one, { issue: 'A', strategy: 'guided', base: 1 }, never);
    expect(withDetection(two, { issue: 'A', strategy: 'random', base: 1 }, 3)).toEqual({
      A: { random: { 1: 3, 2: 7 }, guided: { 1: never } },
    });
  });
});
