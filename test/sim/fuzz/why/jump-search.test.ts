import { describe, expect, it } from 'vitest';
import { interval } from '../../../../sim/fuzz/why/estimate.ts';
import { isClose, JumpSearch } from '../../../../sim/fuzz/why/jump-search.ts';
import { evenly, Moments } from '../../../../sim/fuzz/why/moments.ts';

const FUTURES = 40;
const LAST = 5_000;
const GRID = [0, 1_000, 2_000, 3_000, 4_000];

/** Of a run whose failure has this probability by moment. */
function searched(probabilityAt: (moment: number) => number, refinements = 24) {
  const search = new JumpSearch({ last: LAST, grid: GRID, futures: FUTURES, refinements });
  const asked: number[] = [];
  for (let moment = search.next(); moment !== undefined; moment = search.next()) {
    asked.push(moment);
    search.add({ moment, failed: Math.round(probabilityAt(moment) * FUTURES), futures: FUTURES });
  }
  return { search, asked };
}

describe('the search for the moment at which a failure becomes likely', () => {
  it.each([1, 17, 1_000, 3_333, 4_999])('finds a jump at moment %i to the very moment', (at) => {
    const { jump } = searched((moment) => (moment < at ? 0.1 : 0.9)).search;
    expect([jump?.before.moment, jump?.after.moment]).toEqual([at - 1, at]);
  });

  it('finds that nothing was decided until the failure itself', () => {
    const { jump } = searched(() => 0.05).search;
    expect([jump?.before.moment, jump?.after.moment]).toEqual([LAST - 1, LAST]);
  });

  it('takes the larger one of two', () => {
    const steps = (moment: number): number => (moment < 700 ? 0 : moment < 3_100 ? 0.3 : 1);
    expect(searched(steps).search.jump?.after.moment).toBe(3_100);
  });

  it('names none where the failure was always likely, and looks no further than the grid', () => {
    const { search, asked } = searched(() => 0.95);
    expect(search.jump).toBeUndefined();
    expect(asked).toEqual(GRID);
  });

  it('ends where the likelihood rises bit by bit, and names none that it cannot tell from luck', () => {
    const { search, asked } = searched((moment) => moment / LAST);
    expect(search.jump).toBeUndefined();
    expect(asked.length).toBeLessThanOrEqual(GRID.length + 24);
  });

  it('says between which moments it is when it may not look any further', () => {
    const { jump } = searched((moment) => (moment < 1_700 ? 0 : 1), 2).search;
    expect(jump).toMatchObject({ before: { moment: 1_500 }, after: { moment: 1_750 } });
    expect(jump !== undefined && isClose(jump)).toBe(false);
  });
});

describe('the interval of an estimate', () => {
  it("is Wilson's", () => {
    const [low, high] = interval({ moment: 0, failed: 10, futures: 40 });
    expect(low).toBeCloseTo(0.1419, 4);
    expect(high).toBeCloseTo(0.4019, 4);
  });

  it('is never empty, and within 0 and 1', () => {
    const [low, high] = interval({ moment: 0, failed: 0, futures: 40 });
    expect([low, high]).toEqual([0, expect.closeTo(0.0876, 3)]);
    expect(interval({ moment: 0, failed: 40, futures: 40 })[1]).toBe(1);
  });
});

describe('the moments of a run', () => {
  it('are the times of its events, each once, from the beginning to the failure', () => {
    const moments = new Moments();
    for (const at of [0, 10, 10, 30, 40, 40, 50]) moments.onEvent(at);
    expect(moments.until(40)).toEqual([0, 10, 30, 40]);
  });

  it('are chosen evenly over time, not over how much happens', () => {
    const crowded = [0, ...Array.from({ length: 100 }, (_, index) => 500 + index), 900, 1_000];
    expect(evenly(crowded, 4).map((place) => crowded[place])).toEqual([0, 500, 900]);
    expect(evenly([0], 16)).toEqual([0]);
  });
});
