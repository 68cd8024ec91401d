import { describe, expect, it } from 'vitest';
import { goOn, type Wanted } from '../../../sim/cli/fuzz/resume.ts';
import type { Begun } from '../../../sim/cli/fuzz/journal.ts';
import { PROFILE } from '../../../sim/fuzz/arbitrary/profiles.ts';

const BEGUN: Begun = {
  version: '0.1.0',
  seed: '7',
  profile: 'mine.yaml',
  draws: PROFILE.disk,
  strategy: 'random',
  shard: { part: 2, of: 4 },
  asked: { runs: 400 },
};

describe('a campaign that goes on', () => {
  it.each<Wanted>([
    {},
    { seed: '7', profile: 'mine.yaml', draws: PROFILE.disk, strategy: 'random' },
    { shard: { part: 2, of: 4 }, asked: { runs: 400 } },
  ])('is the same where %j is given again', (wanted) => {
    expect(goOn(BEGUN, wanted, '0.1.0')).toEqual(BEGUN);
  });

  it('may have more runs, or more time', () => {
    expect(goOn(BEGUN, { asked: { runs: 401 } }, '0.1.0').asked).toEqual({ runs: 401 });
    const timed = { ...BEGUN, asked: { timeMs: 1000 } };
    expect(goOn(timed, { asked: { timeMs: 2000 } }, '0.1.0').asked).toEqual({ timeMs: 2000 });
  });

  it.each<[Wanted, string]>([
    [{ seed: '8' }, 'another seed: 7, not 8'],
    [{ profile: 'disk' }, 'another profile: mine.yaml, not disk'],
    [{ profile: 'mine.yaml', draws: PROFILE.clocks }, 'the profile mine.yaml has changed'],
    [{ strategy: 'guided' }, 'another strategy: random, not guided'],
    [{ release: '3.4.13' }, 'another release: none, not 3.4.13'],
    [{ shard: { part: 1, of: 4 } }, 'another shard: {"part":2,"of":4}, not {"part":1,"of":4}'],
    [{ asked: { runs: 399 } }, 'another length: --runs 400, not --runs 399'],
    [{ asked: { timeMs: 60_000 } }, 'another length: --runs 400, not --time 60000ms'],
  ])('is refused where %j is wanted', (wanted, message) => {
    expect(() => goOn(BEGUN, wanted, '0.1.0')).toThrow(message);
  });

  it('is refused by another version, whose runs are others', () => {
    expect(() => goOn(BEGUN, {}, '0.2.0')).toThrow('another version: 0.1.0, not 0.2.0');
  });
});
