import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../../protocol/assert.ts';
import { loadProfile } from '../../scenarios/profile.ts';
import { PROFILE, PROFILES, type Profile } from '../../sim/fuzz/arbitrary/profiles.ts';
import { MIX_NAMES } from '../../sim/fuzz/swarm/workload.ts';
import { memoryFiles } from '../support/memory-files.ts';

const load = (text: string): ReturnType<typeof loadProfile> =>
  loadProfile('my.yaml', memoryFiles({ 'my.yaml': text }));

function profileOf(text: string): Profile {
  const loaded = load(text);
  return defined(loaded.ok ? loaded.profile : undefined, JSON.stringify(loaded));
}

const README = readFileSync('sim/fuzz/README.md', 'utf8');

describe('a profile file', () => {
  it.each(PROFILES)('that only extends %s is that profile', (name) => {
    expect(profileOf(`extends: ${name}`)).toEqual(PROFILE[name]);
  });

  it('extends the default where it does not say what', () => {
    expect(profileOf('{}')).toEqual(PROFILE.default);
  });

  it('changes what it has a key for, and nothing else: the example of the README', () => {
    const [, example = ''] = /```yaml\n(# fsync[^`]*`[^`]*`\n[^`]*)```/.exec(README) ?? [];
    expect(profileOf(example)).toEqual({
      ...PROFILE.disk,
      participants: [
        [2, 3],
        [1, 5],
      ],
      seconds: [10, 40],
      clients: 2,
      mixes: ['registers', 'transactions'],
      core: { crash: 8, stallDisk: 4, slowDisk: 2, isolate: 1 },
      weights: { crash: 8, stallDisk: 4, slowDisk: 2, isolate: 1 },
      drawnLimits: 50,
    } satisfies Profile);
  });

  it('has the defaults that the README names', () => {
    const rows = [...README.matchAll(/^\| `(\w+)` +\| `([^`]+)` +\| /gm)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );
    const keys = ['extends', 'participants', 'observers', 'groups', 'duration', 'clients', 'requests'];
    const named = rows.filter(([key]) =>
      [...keys, 'actions', 'kinds', 'limits', 'lastZxids', 'lastXids', 'world', 'lastRestarts'].includes(key),
    );
    expect(named).toHaveLength(14);
    const profile = profileOf(named.map(([key, value]) => `${key}: ${value}`).join('\n'));
    const sorted = (one: Profile): unknown => ({ ...one, participants: new Set(one.participants) });
    expect(sorted(profile)).toEqual(sorted(PROFILE.default));
    for (const mix of MIX_NAMES) expect(README).toContain(`\`${mix}\``);
  });

  it('has the simplest number first, as that is what shrinks to: three servers before one', () => {
    expect(profileOf('{ participants: { 1: 9, 5: 2, 3: 1 }, observers: { 2: 1, 0: 4 } }')).toMatchObject({
      participants: [
        [1, 3],
        [2, 5],
        [9, 1],
      ],
      observers: [
        [4, 0],
        [1, 2],
      ],
    });
  });

  it('has no kind of fault that it does not name', () => {
    expect(profileOf('faults: { clock: 1 }')).toMatchObject({ core: { clock: 1 }, weights: { clock: 1 } });
    const both = profileOf('{ faults: { clock: 1 }, core: { crash: 2 } }');
    expect(both).toMatchObject({ core: { crash: 2 }, weights: { clock: 1 } });
  });

  it('takes one number where it is always the same', () => {
    const text = '{ participants: 5, observers: 0, kinds: 2, duration: 20s, requests: 10 }';
    expect(profileOf(text)).toMatchObject({
      participants: [[1, 5]],
      observers: [[1, 0]],
      kinds: [[1, 2]],
      seconds: [20, 20],
      requests: [10, 10],
    });
  });

  it.each([
    ['extends: disc', '1:10', 'one of quick, default', 'disk'],
    ['extends: disk\nfaults:\n  crsh: 8', '3:3', 'one of `crash`', 'crash'],
    ['faults: { loseLog: 1 }', '1:11', '`lossForGood`', undefined],
    ['faults: {}', '1:9', 'one of them or more', undefined],
    ['faults: { crash: -1 }', '1:18', 'a whole number from 1 to 1000', undefined],
    ['duration: 10sec..20s', '1:11', 'a time with its unit', undefined],
    ['duration: 20s..10s', '1:11', 'two ends, the lesser first', undefined],
    ['duration: 1s..2s..3s', '1:11', 'two times: 5s..25s', undefined],
    ['duration: 1500ms', '1:11', 'a time of whole seconds', undefined],
    ['duration: [5s, 25s]', '1:11', 'two times: 5s..25s', undefined],
    ['requests: many', '1:11', 'a whole number from 1 to 800', undefined],
    ['requests: ..5', '1:11', 'a whole number from 1 to 800', undefined],
    ['participants: 10', '1:15', 'a whole number from 1 to 9', undefined],
    ['participants: { 10: 1 }', '1:17', '`9`', '1'],
    ['clients: 0', '1:10', 'a whole number from 1 to 8', undefined],
    ['workloads: [lock]', '1:13', 'one of `entries`', 'locks'],
    ['limits: 50', '1:9', 'a percentage from 0% to 100%', '50%'],
    ['limits: 0.5%', '1:9', 'a whole percentage', undefined],
    ['duration: 1s..900s', '1:11', 'a duration of 80s at most', undefined],
    ['clients: 1\ntickTime: [100ms]', '2:11', 'a duration of 8s at most', undefined],
    ['worlds: 5%', '1:1', '`world`', 'world'],
    ['- extends: disk', '1:1', 'a mapping', undefined],
    ['a: b: c', '1:4', 'YAML', undefined],
  ])('refuses %j, and says where and what was expected', (text, place, expected, suggestion) => {
    const loaded = load(text);
    const [problem, ...others] = loaded.ok ? [] : loaded.problems;
    expect(others).toEqual([]);
    expect(`${problem?.line}:${problem?.column}`).toBe(place);
    expect(problem?.file).toBe('my.yaml');
    expect(problem?.expected).toContain(expected);
    expect(problem?.suggestion).toBe(suggestion);
  });

  it('names every mistake, from top to bottom', () => {
    const loaded = load('world: 5\nextends: disc\nclients: 99');
    expect(loaded.ok ? [] : loaded.problems.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('that is not there is refused by its name', () => {
    const loaded = loadProfile('none.yaml', memoryFiles({}));
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ message: "can't read the profile: no such file" }],
    });
  });
});
