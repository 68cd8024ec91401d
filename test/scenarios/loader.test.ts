import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, loadText } from '../../scenarios/loader.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { FILE, HEAD, placeOf, planOf, problemsOf } from '../support/scenario-text.ts';

/** What is put after HEAD, where the problem must be reported, what the message says, and the nearest word. */
type BadInput = readonly [text: string, at: string, message: string, suggestion?: string];

function expectOnlyProblem(text: string, at: string, message: string, suggestion?: string): void {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: FILE, ...placeOf(text, at) });
  expect(problems[0]?.message).toContain(message);
  expect(problems[0]?.expected).not.toBe('');
  expect(problems[0]?.suggestion).toBe(suggestion);
}

describe('a scenario that can’t be read', () => {
  it('names the path when there is no such file', () => {
    const result = loadScenario('nowhere/story.yaml', memoryFiles({}));
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { file: 'nowhere/story.yaml', line: 1, column: 1, message: "can't read the scenario: no such file" },
      ],
    });
  });

  it('names the nearest scenario of the library', () => {
    expect(loadScenario('frist')).toMatchObject({
      ok: false,
      problems: [{ file: 'frist', message: 'no scenario `frist` in the library', suggestion: 'first' }],
    });
  });

  it('says that a folder is no file', () => {
    expect(loadScenario('./scenarios')).toMatchObject({
      ok: false,
      problems: [{ message: "can't read the scenario: it is a folder" }],
    });
  });

  it.each([
    ['clients: {alice: {', '{', 'Flow map'],
    ['timeline:\n\t- a', '\t- a', 'Tabs'],
    ['duration: 5s', 'duration: 5s', 'keys must be unique'],
    ['clients:\n  bob: {}\n  bob: {}', 'bob: {}', 'keys must be unique'],
    ['network: *nowhere', '*nowhere', 'nowhere'],
    ['---\nname: b', '---', 'multiple documents'],
  ])('is bad YAML: %j', (...[lines, at, message]: BadInput) => {
    const text = HEAD + lines;
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ file: FILE });
    expect(problem?.line).toBeGreaterThanOrEqual(at === '*nowhere' ? 1 : 6);
    expect(problem?.message.toLowerCase()).toContain(message.toLowerCase());
  });

  it.each(['', '# only a comment', '- a\n- b', 'text'])('is no mapping: %j', (text) => {
    expect(problemsOf(text)).toMatchObject([
      { file: FILE, line: 1, expected: 'a mapping of keys to values' },
    ]);
  });
});

describe('a scenario of the wrong shape', () => {
  it.each([
    ['clinets: {}', 'clinets', 'unknown key `clinets`', 'clients'],
    ['network: { latncy: 1ms }', 'latncy', 'unknown key `latncy`', 'latency'],
    ['network: { latency: 5xs }', '5xs', 'latency: `5xs` does not belong here', '5us'],
    ['network: { latency: { unifrom: [1ms, 2ms] } }', 'unifrom', 'unknown key `unifrom`', 'uniform'],
    ['network: { latency: { uniform: [1ms] } }', '[1ms]', 'uniform: a list does not belong here'],
    ['network: { latency: { uniform: [2ms, 1ms] } }', '[2ms', 'uniform'],
    ['network: { loss: 101% }', '101%', '`101%`', '100%'],
    ['network: { loss: -1% }', '-1%', '`-1%`', '1%'],
    ['network: { loss: 0.5 }', '0.5', '`0.5`', '0.5%'],
    ['calm: 10', '10', '`10`', '10s'],
    ['network: { latency: 7 }', '7', 'latency: `7`', '7s'],
    ['calm: -5s', '-5s', '`-5s`', '5s'],
    ['calm: 10sec', '10sec', '`10sec`', '10s'],
    ['calm: 0.1us', '0.1us', '`0.1us`'],
    ['clients: { 1st: {} }', '1st', "`1st` can't be a name"],
    ['clients: { alice: { reads: syncd } }', 'syncd', 'reads: `syncd`', 'synced'],
    ['clients: { alice: { does: [{ at: 1s, craete: /a }] } }', 'craete', 'unknown key `craete`', 'create'],
    ['clients: { alice: { does: [{ at: 1s, create: a }] } }', 'a }]', 'create: `a`'],
    ['clients: { alice: { does: [{ at: 1s }] } }', '{ at', 'a mapping does not belong here'],
    ['clients: { alice: { does: [{ at: 1s, create: /a, size: 1MB }] } }', '1MB', '`1MB`', '1MiB'],
    ['clients: { alice: { does: [{ at: 1s, get: /a, wacth: true }] } }', 'wacth', 'unknown key', 'watch'],
    ['clients: { alice: { does: [{ at: 1s, multi: [{ get: /a }] }] } }', 'get', 'unknown key `get`', 'set'],
    ['timeline: [{ at: 3s, crsh: leader }]', 'crsh', 'unknown key `crsh`', 'crash'],
    ['timeline: [{ at: 3s, pause: leader, oneWay: true }]', 'oneWay', 'unknown key `oneWay`'],
    ['timeline: [{ at: 3s }]', '{ at', 'a mapping does not belong here'],
    ['timeline: [{ at: 3s, crash: leader, power: of }]', 'of }', 'power: `of`'],
    ['timeline: [{ at: 3s, partition: [leader] }]', '[leader]', 'partition'],
    ['timeline: [{ at: 3s, when: { evnt: x }, crash: zk1 }]', '{ evnt', '`event` is missing'],
    ['timeline: crash', 'crash', '`crash`'],
    ['timeline: [{ at: 3s, crash: zk1, restartAftr: 1s }]', 'restartAftr', 'unknown key', 'restartAfter'],
    ['timeline: [{ at: 3s, slowDsk: zk1, fsync: 1s }]', 'slowDsk', 'unknown key `slowDsk`', 'slowDisk'],
    ['timeline: [{ at: 3s, stallDisc: zk1 }]', 'stallDisc', 'unknown key `stallDisc`', 'stallDisk'],
    ['timeline: [{ at: 3s, crash: zk1, pause: zk2 }]', 'pause', '`pause` does not go with `crash`'],
    ['timeline: [{ at: 3s, flap: [zk1, zk2], down: 1s }]', '{ at', '`up` is missing'],
    ['timeline: [{ evry: 3s, crash: zk1 }]', 'evry', 'unknown key `evry`', 'every'],
    ['timeline: [{ at: 3s, link: [zk1, zk2], latency: -1ms }]', '-1ms', 'latency: `-1ms`', '1ms'],
    ['timeline: [{ at: 3s, link: [zk1, zk2], loss: 101% }]', '101%', 'loss: `101%`', '100%'],
    ['timeline: [{ at: 3s, link: [zk1, zk2], bandwidth: 0B/s }]', '0B/s', 'bandwidth: `0B/s`'],
    ['timeline: [{ at: 3s, link: [zk1, zk2], bandwidth: 10MB/s }]', '10MB/s', '`10MB/s`', '10MiB/s'],
    ['timeline: [{ at: 3s, link: [zk1], latency: 1ms }]', '[zk1]', 'link: a list does not belong here'],
    ['timeline: [{ at: 3s, clock: zk1, drift: 200 }]', '200', 'drift: `200`', '200ppm'],
    ['timeline: [{ at: 3s, clock: zk1, drift: 60% }]', '60%', 'drift: `60%`'],
    ['timeline: [{ at: 3s, clock: zk1, drift: 200pm }]', '200pm', 'drift: `200pm`', '200ppm'],
    ['timeline: [{ at: 3s, clock: zk1, step: -3 }]', '-3 }', 'step: `-3`', '-3s'],
    ['timeline: [{ at: 3s, clock: zk1, freeze: al }]', 'al }', 'freeze: `al`'],
    ['timeline: [{ at: 3s, flood: zk1, connections: 0 }]', '0 }', 'connections: `0`'],
    ['timeline: [{ at: 3s, crash: zk1, afterWrites: 0 }]', '0 }', 'afterWrites: `0`'],
    ['timeline: [{ every: 3s, times: 0, crash: zk1 }]', '0, crash', 'times: `0`'],
    ['timeline: [{ at: 3s, crash: zk1, for: 3s }]', 'for', 'unknown key `for`'],
    ['timeline: [{ at: 3s, disconnect: [zk1, zk2], told: frist }]', 'frist', 'told: `frist`', 'first'],
    ['network: { bursts: { every: 1s, for: 2s } }', '2s', 'for: `2s`'],
    ['network: { bursts: { every: 0ms, for: 0ms } }', '0ms', 'every: `0ms`'],
    ['network: { bandwidth: 10 }', '10 }', 'bandwidth: `10`', '10MiB/s'],
    ['network: { latency: { bimodal: { fast: 1ms, slow: 2ms, slowShare: 2 } } }', '2 }', '`2`', '2%'],
    ['network: { latency: { bimodal: { fast: 1, slow: 2ms, slowShare: 2% } } }', '1, slow', '`1`', '1s'],
    ['network: { latency: { recorded: [] } }', '[]', 'recorded'],
    ['clocks: { zk1: { ofset: 1s } }', 'ofset', 'unknown key', 'offset'],
    ['clients: { alice: { count: 0 } }', '0 }', 'count: `0`'],
    ['expect: [{ promise: atomicity, is: brocken }]', 'brocken', 'is: `brocken`', 'broken'],
    ['expect: [{ leadr: any }]', 'leadr', 'unknown key `leadr`', 'leader'],
    ['expect: [{ session: Exprd, client: alice }]', 'Exprd', '`Exprd`', 'Expired'],
    ['expect: [{ answers: ok, to: craete }]', 'craete', '`craete`', 'create'],
  ])('is refused where it is wrong: %s', (...[lines, at, message, suggestion]: BadInput) => {
    const problems = problemsOf(HEAD + lines).toSorted(
      (a, b) => Number(b.message.includes(message)) - Number(a.message.includes(message)),
    );
    expect(problems[0]).toMatchObject({ file: FILE, ...placeOf(HEAD + lines, at) });
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.expected).not.toBe('');
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it('says what is missing and lists everything at once', () => {
    const problems = problemsOf('name: Bad Name\nensemble: { servers: [] }\n');
    expect(problems.map((problem) => problem.message)).toEqual([
      '`description` is missing',
      '`duration` is missing',
      'name: `Bad Name` does not belong here',
      'servers: a list does not belong here',
    ]);
  });

  it('refuses to mix a zoo.cfg and a list of servers', () => {
    const text = HEAD.replace('servers:', 'config: zoo.cfg\n  servers:');
    expectOnlyProblem(text, 'servers', '`servers` does not go with `config`');
  });

  it('finds places through anchors and aliases', () => {
    const text = `${HEAD}clients:\n  alice: &a { does: [{ at: 1s, craete: /a }] }\n`;
    expectOnlyProblem(text, 'craete', 'unknown key', 'create');
  });
});

describe('a scenario that names what is not there', () => {
  it.each([
    ['timeline: [{ at: 3s, crash: zk9 }]', 'zk9', 'there is no server, client or role `zk9`', 'zk1'],
    ['timeline: [{ at: 3s, crash: 7 }]', '7 }', 'there is no server, client or role `7`'],
    ['timeline: [{ at: 3s, crash: leadr }]', 'leadr', 'there is no server, client or role `leadr`', 'leader'],
    ['timeline: [{ at: 3s, crash: rest }]', 'rest', '`rest` has a meaning only among the groups'],
    ['clients: { bob: {} }\ntimeline: [{ at: 3s, wipe: bob }]', 'bob }]', '`bob` is a client'],
    ['timeline: [{ at: 3s, wipe: zk9 }]', 'zk9', 'there is no server or role `zk9`', 'zk1'],
    ['clients: { bob: {} }\ntimeline: [{ at: 3s, expire: zk1 }]', 'zk1 }', '`zk1` is a server'],
    [
      'clients: { bob: {} }\ntimeline: [{ at: 3s, expire: bobb }]',
      'bobb',
      'there is no client or role',
      'bob',
    ],
    [
      'clients: { bob: { count: 20 } }\ntimeline: [{ at: 3s, pause: bob }]',
      'bob }]',
      '`bob` stands for 20 clients',
      'bob-1',
    ],
    [
      'clients: { bob: { count: 2 } }\nexpect: [{ session: Expired, client: bob }]',
      'bob }]',
      '`bob` stands for 2 clients',
      'bob-1',
    ],
    ['clocks: { zk9: { offset: 1s } }', 'zk9', 'there is no server `zk9`', 'zk1'],
    [
      'timeline: [{ at: 3s, pause: zk1, until: { event: comitted } }]',
      'comitted',
      'no event `comitted`',
      'committed',
    ],
    ['expect: [{ promise: atomicty, is: kept }]', 'atomicty', 'there is no promise `atomicty`', 'atomicity'],
    [
      'clients: { bob: {} }\ntimeline: [{ at: 3s, isolate: bobb }]',
      'bobb',
      'there is no server, client or role',
      'bob',
    ],
    [
      'timeline: [{ when: { event: comitted }, crash: leader }]',
      'comitted',
      'no event `comitted`',
      'committed',
    ],
    [
      'timeline: [{ when: { event: syncDecision, with: { mod: SNAP } }, crash: leader }]',
      'mod:',
      'syncDecision has no field `mod`',
      'mode',
    ],
    [
      'timeline: [{ when: { event: syncDecision, with: { mode: SNP } }, crash: leader }]',
      'SNP',
      '`SNP` does not occur there',
      'SNAP',
    ],
    [
      'timeline: [{ when: { event: elected, with: { leader: zk8 } }, crash: leader }]',
      'zk8',
      'no server `zk8`',
      'zk1',
    ],
    [
      'timeline: [{ when: { event: committed, with: { zxid: x } }, crash: leader }]',
      'x }',
      '`x` is no number',
    ],
    ['clients: { bob: { servers: [zk1, zk22] } }', 'zk22', 'there is no server `zk22`', 'zk2'],
    ['expect: [{ session: Expired, client: alcie }]', 'alcie', 'there is no client `alcie`'],
    [
      'clients: { alice: {} }\nexpect: [{ watch: any, client: alcie }]',
      'alcie',
      'no client `alcie`',
      'alice',
    ],
    ['expect: [{ leader: zk7 }]', 'zk7', 'there is no server `zk7`', 'zk1'],
    ['expect: [{ server: zk7, state: DOWN }]', 'zk7', 'there is no server `zk7`', 'zk1'],
    ['expect: [{ answers: NODEXISTS }]', 'NODEXISTS', '`NODEXISTS` is no kind of answer', 'NODEEXISTS'],
  ])('is refused with the nearest word: %s', (...[lines, at, message, suggestion]: BadInput) => {
    expectOnlyProblem(HEAD + lines, at, message, suggestion);
  });
});

describe('a word in the place of a time', () => {
  it.each([
    ['{ at: 3s, pause: zk1, until: nxt }', 'nxt', 'next', 'next'],
    ['{ when: { event: committed, since: previus }, pause: zk1 }', 'previus', 'previous', 'previous'],
    ['{ when: { event: committed, since: 5 }, pause: zk1 }', '5 }', 'a time such as 3s', '5s'],
  ] as const)('is told from a time: %s', (entry, at, expected, suggestion) => {
    const text = `${HEAD}timeline: [{ at: 1s, heal: all }, ${entry}]`;
    expectOnlyProblem(text, at, 'does not belong here', suggestion);
    expect(problemsOf(text)[0]?.expected).toContain(expected);
  });
});

describe('a scenario that contradicts itself', () => {
  it.each([
    [
      'timeline: [{ at: 3s, crash: zk1 }, { at: 5s, crash: zk1 }]',
      'crash: zk1 }]',
      'zk1 is already down since 3s',
    ],
    [
      'timeline: [{ at: 5s, pause: zk1, for: 1s }, { at: 3s, crash: 1 }]',
      'pause',
      'zk1 is already down since 3s',
    ],
    [
      'timeline: [{ at: 3s, crash: zk1, restartAfter: 4s }, { at: 6s, slowDisk: zk1, fsync: 1s }]',
      'slowDisk',
      'zk1 is already down since 3s until 7s',
    ],
    ['timeline: [{ at: 3s, restart: zk1 }]', 'restart', 'zk1 is not down at 3s'],
    ['timeline: [{ at: 20s, crash: zk1 }]', '20s, crash', "20s is after the story's end"],
    ['timeline: [{ crash: zk1 }]', '{ crash', 'it is not said when'],
    [
      'timeline: [{ at: 1s, when: { event: committed }, crash: zk1 }]',
      'at: 1s',
      '`at` does not go with `when`',
    ],
    ['timeline: [{ at: 1s, after: 1s, crash: zk1 }]', 'after', '`after` does not go without `when`'],
    [
      'timeline: [{ at: 1s, heal: all }, { at: 2s, then: 1s, crash: zk1 }]',
      'at: 2s',
      '`at` does not go with `then`',
    ],
    ['timeline: [{ then: 1s, crash: zk1 }]', '1s, crash', 'there is no entry above this one'],
    [
      'timeline: [{ at: 1s, heal: all }, { then: 30s, heal: all }, { then: 1s, heal: all }]',
      '30s',
      "it can't come before 31s, after the story's end",
    ],
    [
      'timeline: [{ when: { event: committed, since: 19s }, after: 1s, heal: all }]',
      '{ event',
      "it can't come before 20s, after the story's end",
    ],
    [
      'timeline: [{ when: { event: committed, since: previous }, crash: zk1 }]',
      'previous',
      'there is no entry above this one',
    ],
    ['timeline: [{ every: 1s, pause: zk1, until: next }]', 'next', 'not until an event or another entry'],
    ['timeline: [{ at: 1s, crash: zk1, until: next }]', 'until', 'over as soon as it has struck'],
    ['timeline: [{ at: 1s, crash: zk1, lose: all }]', 'lose', 'loses nothing'],
    ['timeline: [{ at: 1s, pause: zk1, for: 0s }]', '0s }', 'ends at once'],
    ['timeline: [{ at: 1s, link: [zk1, zk2] }]', 'link', 'nothing happens'],
    [
      'timeline: [{ at: 1s, partition: [[zk1, zk2], [zk2, zk3]] }]',
      '[zk2, zk3]',
      'zk2 is in group 1 already',
    ],
    ['timeline: [{ at: 1s, partition: [minority with leader, leader] }]', 'leader] }', 'in group 1 already'],
    ['timeline: [{ at: 1s, partition: [all, zk1] }]', 'zk1] }', 'zk1 is in group 1 already'],
    ['timeline: [{ at: 3s, pause: zk1, until: 2s }]', '2s }', 'it ends before it begins'],
    ['timeline: [{ at: 3s, pause: zk1, for: 1s, until: 5s }]', 'until', '`until` does not go with `for`'],
    ['timeline: [{ at: 3s, crash: zk1, until: 5s }]', 'until', 'over as soon as it has struck'],
    ['timeline: [{ every: 0ms, pause: zk1 }]', '0ms', 'no time passes'],
    ['timeline: [{ every: 1s, at: 3s, pause: zk1 }]', 'at: 3s', '`at` does not go with `every`'],
    ['timeline: [{ every: 1s, from: 5s, until: 4s, pause: zk1 }]', '4s, pause', 'ends before it begins'],
    ['timeline: [{ every: 1s, from: 21s, pause: zk1 }]', '21s', "after the story's end"],
    ['timeline: [{ every: 1s, pause: zk1, until: { event: committed } }]', '{ event', 'until a time'],
    ['timeline: [{ at: 1s, times: 2, pause: zk1 }]', 'times', '`times` does not go without `every`'],
    ['timeline: [{ at: 1s, flap: [zk1, zk2], down: 0s, up: 1s }]', '0s, up', 'the links are never down'],
    ['timeline: [{ at: 1s, flap: [zk1, zk2], down: 1s, up: 0s }]', '0s }', 'the links are never up'],
    ['timeline: [{ at: 1s, hold: [zk1, 1] }]', '1] }', 'it is the other end as well'],
    ['timeline: [{ at: 1s, disconnect: [leader, leader] }]', 'leader] }', 'it is the other end as well'],
    ['timeline: [{ at: 1s, slowDisk: zk1 }]', 'slowDisk', 'nothing happens to the disk'],
    ['timeline: [{ at: 1s, clock: zk1 }]', 'clock', 'nothing happens to the clock'],
    ['timeline: [{ at: 1s, clock: zk1, step: 0s }]', 'clock', 'nothing happens to the clock'],
    ['timeline: [{ at: 1s, copyData: zk1, source: zk1 }]', 'source', 'it is the same server'],
    ['timeline: [{ at: 1s, disconnect: [zk1, zk2], for: 1s }]', 'for', 'who is told knows it for good'],
    ['timeline: [{ at: 1s, clock: zk1, step: 1s, for: 1s }]', 'for', 'a step of the clock is for ever'],
    [
      'timeline: [{ at: 1s, crash: zk1, afterEffects: 1, afterWrites: 1 }]',
      'afterWrites',
      'does not go with',
    ],
    ['timeline: [{ at: 1s, crash: zk1, forGood: true, restartAfter: 1s }]', 'restartAfter', 'for good'],
    [
      'timeline: [{ at: 1s, crash: zk1, forGood: true }, { at: 2s, restart: zk1 }]',
      'restart',
      'lost for good',
    ],
    ['timeline: [{ at: 1s, crash: zk1 }, { at: 2s, stallDisk: zk1 }]', 'stallDisk', 'already down since 1s'],
    [
      'timeline: [{ at: 1s, crash: zk1 }, { at: 2s, clock: zk1, step: 1s }]',
      'clock',
      'already down since 1s',
    ],
    [
      'clients: { a: {} }\ntimeline: [{ at: 1s, crash: a }, { at: 2s, pause: a }]',
      'pause',
      'a is already down',
    ],
    ['clients: { a: {} }\ntimeline: [{ at: 1s, restart: a }]', 'restart', 'a is not down at 1s'],
    [
      'clients: { a: {} }\ntimeline: [{ at: 1s, crash: a, afterWrites: 2 }]',
      'afterWrites',
      'clients write to no disk',
    ],
    ['timeline: [{ at: 1s, release: [zk1, zk2] }]', 'release', 'there is no `hold` before it'],
    [
      'timeline: [{ at: 1s, release: [zk1, zk2] }, { at: 2s, hold: [zk1, zk2] }]',
      'release',
      'there is no `hold` before it',
    ],
    ['timeline: [{ at: 1s, restore: zk1 }]', 'restore', 'there is no `backup` before it'],
    ['timeline: [{ at: 1s, copyData: zk1, source: followers }]', 'followers', 'may be several servers'],
    ['timeline: [{ at: 1s, partition: [clients, rest, any client] }]', 'any client', 'in group 1 already'],
    ['clocks: { 1: { offset: 1s }, zk1: { offset: 2s } }', 'zk1: {', 'zk1 is named already'],
    ['clients: { a: { count: 2 }, a-2: {} }', 'a:', 'one of them is `a-2`'],
    ['clients: { leader: {} }', 'leader', "can't be called `leader`"],
    ['clients: { zk1: {} }', 'zk1: {}', '`zk1` is a server already'],
    ['clients: { a: { servers: [zk1, 1] } }', '1] }', 'in the list already'],
    ['clients: { a: { start: 21s } }', '21s', "after the story's end"],
    ['clients: { a: { session: 0s } }', '0s } }', 'whole milliseconds'],
    ['clients: { a: { does: [{ at: 21s, get: / }] } }', '21s', "after the story's end"],
    ['clients: { a: { start: 2s, does: [{ at: 1s, get: / }] } }', '1s, get', 'before the client starts'],
    ['clients: { a: { does: [{ every: 0s, get: / }] } }', '0s, get', 'no time passes'],
    ['clients: { a: { does: [{ every: 1s, at: 1s, get: / }] } }', 'at: 1s', '`at` does not go with `every`'],
    [
      'clients: { a: { does: [{ every: 1s, backToBack: 1, get: / }] } }',
      'backToBack',
      'does not go with `every`',
    ],
    ['clients: { a: { does: [{ from: 1s, get: / }] } }', 'from', '`from` does not go'],
    [
      'clients: { a: { does: [{ every: 1s, from: 3s, until: 2s, get: / }] } }',
      '2s, get',
      'ends before it begins',
    ],
    ['clients: { a: { does: [{ create: / }] } }', '/ }', 'the root is always there'],
    ['clients: { a: { does: [{ create: /a/ }] } }', '/a/', 'ends in a slash', '/a'],
    ['clients: { a: { does: [{ get: /a/../b }] } }', '/a/..', 'has `.` or `..`'],
    ['clients: { a: { does: [{ get: "/a-{i}" }] } }', '"/a-{i}', '`{i}` stands for nothing'],
    ['clients: { a: { does: [{ create: /a, data: x, size: 1B }] } }', 'size', 'does not go with `data`'],
    ['clients: { a: { does: [{ create: /a, size: 1MiB }] } }', '1MiB', 'jute.maxbuffer'],
    ['expect: [{ leader: any, from: 3s, until: 2s }]', '2s }', 'ends before it begins'],
    ['expect: [{ leader: any, times: 1, atLeast: 1 }]', 'times', '`times` does not go with'],
    ['expect: [{ leader: any, atLeast: 3, atMost: 2 }]', '2 }', 'below `atLeast`'],
    ['expect: [{ leader: any, atLeast: 0 }]', '0 }', 'always so'],
    ['expect: [{ znode: /a, exists: false, data: x }]', 'exists', 'nothing in it'],
  ])('is refused: %s', (...[lines, at, message, suggestion]: BadInput) => {
    expectOnlyProblem(HEAD + lines, at, message, suggestion);
  });

  it.each([
    'timeline: [{ at: 3s, crash: zk1, restartAfter: 1s }, { at: 4s, crash: zk1 }]',
    'timeline: [{ at: 3s, crash: zk1 }, { at: 4s, restart: zk1 }, { at: 5s, crash: zk1 }]',
    'timeline: [{ at: 3s, crash: zk1 }, { at: 4s, restart: last struck }, { at: 5s, crash: zk1 }]',
    'timeline: [{ at: 3s, crash: leader }, { at: 4s, restart: zk1 }]',
    'timeline: [{ at: 3s, crash: zk1 }, { at: 4s, crash: zk1 }, { when: { event: crashed }, restart: zk1 }]',
    'timeline: [{ at: 1s, partition: [minority with leader, rest] }]',
    'timeline: [{ at: 1s, partition: [leader, zk1, [zk2, rest]] }]',
    'timeline: [{ at: 1s, link: [all, all], latency: 1ms }, { at: 2s, disconnect: [any server, any server] }]',
    'timeline: [{ at: 1s, failWrites: zk1, for: 1s }, { at: 3s, restart: zk1 }]',
    'timeline: [{ at: 1s, crash: zk1 }, { at: 2s, wipe: zk1 }, { at: 3s, restart: zk1 }]',
    'timeline: [{ at: 1s, crash: zk1, afterWrites: 3 }, { at: 2s, pause: zk1 }]',
    'timeline: [{ every: 1s, crash: zk1, restartAfter: 100ms }, { at: 2s, restart: zk1 }]',
    'timeline: [{ when: { event: committed }, release: [zk1, zk2] }, { at: 2s, hold: [zk1, zk2] }]',
    'timeline: [{ every: 1s, backup: zk1 }, { at: 5s, restore: zk1 }]',
    'timeline: [{ every: 5s, crash: leader, until: 15s }]',
    'generated: true\ntimeline: [{ at: 1s, restart: zk1 }, { at: 2s, restore: zk1 }, { at: 3s, hold: [zk1, 1] }]',
  ])('is taken when it may be right: %s', (lines) => {
    expect(problemsOf(HEAD + lines)).toEqual([]);
  });

  it.each([
    ['[zk1, zk1]', 'zk1]', 'there are two servers `zk1`'],
    ['[zk1, {name: zk2, id: 1}]', '{name', 'two servers with the number 1'],
    ['[{ name: h }, { name: h, quorumPort: 2889 }]', '{ name: h, q', 'two servers of `h` have the port 3888'],
    ['[zk1, leader, zk3]', 'leader', "a server can't be called `leader`"],
    ['[{name: zk1, role: observer}]', '[{name', 'observers without participants'],
    ['[{name: zk1, group: 1}, zk2, {name: zk3, group: 2}]', 'zk2', '`zk2` is not in a group'],
  ])('is refused for its servers: %s', (...[servers, at, message, suggestion]: BadInput) => {
    expectOnlyProblem(HEAD.replace('[zk1, zk2, zk3]', servers), at, message, suggestion);
  });
});

describe('a scenario with a zoo.cfg', () => {
  const CFG = `tickTime=2000
initLimit=10
syncLimit=5
clientPort=2181
dataDir=/zk
server.1=master01:2888:3888
server.2=slave01:2888:3888
server.3=slave02:2888:3888
`;
  const TEXT = `name: test
description: A test.
duration: 20s
ensemble:
  config: conf/zoo.cfg
  myid:
    master01: m1
    slave01: m2
    slave02: m3
`;
  const FILES = { 'conf/zoo.cfg': CFG, m1: '1\n', m2: '2\n', m3: '3\n' };

  const without = (path: string) =>
    Object.fromEntries(Object.entries(FILES).filter(([name]) => name !== path));

  it('takes the ensemble from it', () => {
    const { ensemble } = planOf(TEXT, FILES);
    expect(ensemble.servers.map((server) => server.host)).toEqual(['master01', 'slave01', 'slave02']);
    expect(ensemble).toMatchObject({ tickTime: 2000, initLimit: 10, syncLimit: 5, minSessionTimeout: 4000 });
  });

  it('is refused without the zoo.cfg', () => {
    const others = without('conf/zoo.cfg');
    expect(problemsOf(TEXT, others)).toMatchObject([
      {
        file: FILE,
        ...placeOf(TEXT, 'conf/'),
        message: expect.stringContaining("can't read the zoo.cfg") as string,
      },
    ]);
  });

  it('is refused without myid files', () => {
    const text = TEXT.slice(0, TEXT.indexOf('  myid'));
    expect(problemsOf(text, FILES)).toMatchObject([
      {
        file: FILE,
        ...placeOf(text, 'conf/'),
        message: 'myid file is missing for master01, slave01, slave02',
        expected: '`myid:` with a path for each host of the zoo.cfg',
      },
    ]);
  });

  it('is refused when one server has no myid, or a host does not exist', () => {
    const text = TEXT.replace('slave02: m3', 'slave2: m3');
    expect(problemsOf(text, FILES)).toMatchObject([
      { ...placeOf(text, 'myid'), message: 'myid file is missing for slave02 (server.3)' },
      { ...placeOf(text, 'slave2'), suggestion: 'slave02' },
    ]);
  });

  it('is refused when a myid file does not exist', () => {
    const others = without('m2');
    expect(problemsOf(TEXT, others)).toMatchObject([
      {
        file: FILE,
        ...placeOf(TEXT, 'm2'),
        message: expect.stringContaining('no such file') as string,
        expected: 'a file that says 2',
      },
    ]);
  });

  it.each([
    ['3\n', 'myid of slave01 is 3, but the zoo.cfg has it as server.2', '2'],
    ['two\n', 'serverid `two` is not a number', undefined],
    ['2 \n', 'serverid `2 ` has a blank around it, which ZooKeeper does not trim', '2'],
    ['8\n', 'server 8 is not in the zoo.cfg', undefined],
    ['', 'the first line of the myid file is empty', undefined],
  ])('is refused when a myid file says %j', (content, message, suggestion) => {
    const problems = problemsOf(TEXT, { ...FILES, m2: content });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'm2', line: 1, column: 1, message });
    expect(problems[0]?.expected).toContain('2');
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it.each([
    ['server.2=slave01:2888:3888', 'server.1=slave01:2888:3888', 7, 1, 'given a second time'],
    ['server.2=slave01:2888:3888', 'server.2=slave01', 7, 17, 'no quorum port and no election port'],
    ['server.2=slave01:2888:3888', 'server.2=slave01:2888', 7, 22, 'no election port'],
    ['server.2=slave01:2888:3888', 'server.2=!!', 7, 12, 'no quorum port'],
    ['initLimit=10\n', '', 1, 1, 'initLimit is not set'],
  ])('reports %s → %j in the zoo.cfg itself', (line, replacement, row, column, message) => {
    const problems = problemsOf(TEXT, { ...FILES, 'conf/zoo.cfg': CFG.replace(line, replacement) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'conf/zoo.cfg', line: row, column });
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.expected).not.toBe('');
  });

  it('passes warnings on', () => {
    const cfg = `${CFG}tickTme=1000\n`;
    const result = loadText(FILE, TEXT, memoryFiles({ ...FILES, 'conf/zoo.cfg': cfg }));
    expect(result).toMatchObject({
      ok: true,
      warnings: [{ file: 'conf/zoo.cfg', line: 9, suggestion: 'tickTime' }],
    });
  });

  it('needs host:quorumPort where servers share a host', () => {
    const cfg = CFG.replace(
      /server[^]*/,
      'server.1=h:2881:3881;2181\nserver.2=h:2882:3882;2182\nserver.3=k:2883:3883;2183\n',
    );
    const files = { ...FILES, 'conf/zoo.cfg': cfg };
    const text = TEXT.replace('master01', 'h').replace('slave01', '"h:2882"').replace('slave02', 'k');
    expect(problemsOf(text, files)).toMatchObject([
      { ...placeOf(text, 'myid'), message: 'myid file is missing for h (server.1)' },
      { ...placeOf(text, 'h: m1'), message: 'several servers are on `h`' },
    ]);
    const right = text.replace('h: m1', 'h:2881: m1');
    expect(
      planOf(`${right}timeline: [{ at: 1s, crash: "h:2881" }, { at: 2s, crash: 2 }]`, files).timeline,
    ).toMatchObject([
      { fault: { target: [{ kind: 'server', sid: 1 }] } },
      { fault: { target: [{ kind: 'server', sid: 2 }] } },
    ]);
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ...HEAD.split('\n'),
      'clients: { a: { does: [{ at: 1s, get: / }] } }',
      'timeline:',
      '  - { at: 3s, crash: leader }',
      'expect: [{ leader: any }]',
      'ensemble: *x',
      'x: &x [*x]',
      '? {a: b}',
      '- !!binary x',
      '__proto__: { a: 1 }',
    ),
  );

  it('gives a plan or problems with a place, never an exception', () => {
    fc.assert(
      fc.property(fc.array(piece), (lines) => {
        const result = loadText(FILE, lines.join('\n'), memoryFiles({}));
        for (const { line, column } of result.ok ? [] : result.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      }),
    );
  });
});
