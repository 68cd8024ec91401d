import { expect, it } from 'vitest';
import { simulate } from '../../sim/entry/index.ts';
import '../../sim/entry/vitest.ts';

/** As a user would write them, with `zabsim` and `zabsim/vitest` in the place of the paths. */
it('survives the crash of the leader', () => {
  const result = simulate('first', { seed: 7 });
  expect(result).toKeepEveryPromise();
  expect(result).toMeetEveryExpectation();
  expect(result).toBeLive();
});

it.each(['a', 'b', 'c'])('keeps what it has committed while a link flaps, with seed %s', (seed) => {
  expect(simulate('incident-flapping-link', { seed })).toKeepPromise('nothing-committed-lost');
});

it('would have diverged on ZooKeeper 3.3.3, and does not today', () => {
  expect(simulate('ZOOKEEPER-1154', { release: '3.3.3' })).toBreakPromise('committed-logs-agree');
  expect(simulate('ZOOKEEPER-1154')).not.toBreakPromise('committed-logs-agree');
});
