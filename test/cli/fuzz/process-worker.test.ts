import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ProcessWorker } from '../../../sim/cli/fuzz/process-worker.ts';
import { PROFILE } from '../../../sim/fuzz/arbitrary/profiles.ts';
import type { FuzzOutcome } from '../../../sim/fuzz/outcome.ts';
import { freshLot } from '../../../sim/fuzz/search/random-search.ts';

const PLANTED = pathToFileURL('test/testdata/planted-process.mjs');

describe('a worker', () => {
  let worker: ProcessWorker;
  const within = (timeoutMs: number): void => {
    worker = new ProcessWorker({ timeoutMs, heapMb: 64 }, [], PLANTED);
  };
  afterEach(() => worker.close());

  const run = (index: number): Promise<FuzzOutcome> =>
    worker.run({ kind: 'run', lot: freshLot(PROFILE.default, '7', index), learns: false });

  it.each([
    [1, 'hung', 'stopped after 1.5 s'],
    [2, 'outOfMemory', 'memory'],
    [3, 'threw', 'planted'],
    [4, 'threw', 'the process ended (7)'],
  ])('outlives run %i, says by its seed that it %s, and does the next', async (index, kind, error) => {
    within(kind === 'hung' ? 1_500 : 60_000);
    expect(await run(index)).toMatchObject({
      index,
      seed: `7/${String(index)}`,
      kind,
      error: expect.stringContaining(error) as string,
    });
    expect(await run(5)).toMatchObject({ index: 5, kind: 'kept' });
  });

  it('does one run after the other in the same process', async () => {
    within(60_000);
    expect(await run(5)).toMatchObject({ index: 5, kind: 'kept' });
    expect(await run(6)).toMatchObject({ index: 6, kind: 'kept' });
  });

  it('shrinks nothing where shrinking never ends', async () => {
    within(500);
    const lot = freshLot(PROFILE.default, '7', 1);
    const job = { kind: 'shrink', lot, promise: 'x', timeMs: 1 } as const;
    expect(await worker.shrink(job)).toBeUndefined();
  });
});
