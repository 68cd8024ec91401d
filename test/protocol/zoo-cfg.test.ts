import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { parseMyid, parseZooCfg, type ZooCfgProblem } from '../../protocol/zoo-cfg.ts';

const SAMPLE = `# the number of milliseconds of each tick
tickTime=2000
initLimit=10
syncLimit=5
dataDir=/usr/local/zookeeper-3.4.13/zk
clientPort=2181
`;
const THREE = `${SAMPLE}server.1=master01:2888:3888
server.2=slave01:2888:3888
server.3=slave02:2888:3888
`;

function configOf(text: string) {
  const result = parseZooCfg(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function problemsOf(text: string): readonly ZooCfgProblem[] {
  const result = parseZooCfg(text);
  return result.ok ? [] : result.problems;
}

const warningsOf = (text: string) => parseZooCfg(text).warnings;

describe('a zoo.cfg', () => {
  it('gives the ensemble it names, with ZooKeeper’s defaults for the rest', () => {
    expect(configOf(THREE)).toEqual({
      tickTime: 2000,
      initLimit: 10,
      syncLimit: 5,
      minSessionTimeout: 4000,
      maxSessionTimeout: 40_000,
      maxClientCnxns: 60,
      snapCount: 100_000,
      commitLogCount: 500,
      snapshotSizeFactor: 0.33,
      maxBatchSize: 1000,
      minNotificationInterval: 200,
      maxNotificationInterval: 60_000,
      cnxTimeout: 5000,
      leaderConnectDelayDuringRetryMs: 100,
      observerElectionDelayMs: 200,
      initialCounter: 0,
      servers: [
        [1, 'master01'],
        [2, 'slave01'],
        [3, 'slave02'],
      ].map(([id, host]) => ({
        sid: id,
        host,
        quorumPort: 2888,
        electionPort: 3888,
        clientPort: 2181,
        learnerType: 'PARTICIPANT',
      })),
    });
    expect(warningsOf(THREE)).toEqual([]);
  });

  it('has a tick of 3000 ms when it names none', () => {
    expect(configOf(THREE.replace('tickTime=2000\n', '')).tickTime).toBe(3000);
  });

  it('is read as Java reads properties: separators, comments, continuation, escapes and Windows line ends', () => {
    const text = [
      '! another comment \\',
      'tickTime : 1000',
      'initLimit 7',
      '  syncLimit\t=\t3',
      'dataDir=C:\\\\zk',
      'client\\u0050ort=21\\',
      '   81',
      'server.1 a:1:\\',
      '  # b is no comment here \\',
      '2',
    ].join('\r\n');
    expect(problemsOf(text)).toMatchObject([{ line: 9, column: 3 }]);
    const good = text.replace('  # b is no comment here \\\r\n', '');
    expect(configOf(good)).toMatchObject({
      tickTime: 1000,
      initLimit: 7,
      syncLimit: 3,
      servers: [{ host: 'a', quorumPort: 1, electionPort: 2, clientPort: 2181 }],
    });
  });

  it.each([
    ['server.4=h:1:2:observer', { learnerType: 'OBSERVER', clientPort: 2181 }],
    ['server.4=h:1:2:PARTICIPANT;2182', { learnerType: 'PARTICIPANT', clientPort: 2182 }],
    ['server.4=h:1:2;0.0.0.0:2183', { clientPort: 2183 }],
    ['server.4=h:1:2;', { clientPort: 2181 }],
    ['server.4=h:1:2;2184;2281', { clientPort: 2184 }],
    ['server.4=[2001:db8::1]:1:2;[::]:2185', { host: '2001:db8::1', quorumPort: 1, clientPort: 2185 }],
    ['server.04=h:+1:2', { sid: 4, quorumPort: 1 }],
  ])('reads %s', (line, server) => {
    expect(configOf(`${THREE}${line}`).servers[3]).toMatchObject(server);
  });

  it.each([
    ['server.2=slave01:2888', 22, 'server.2` has no election port', 'server.2=slave01:2888:3888'],
    ['server.2=slave01', 17, 'no quorum port and no election port', 'server.2=slave01:2888:3888'],
    ['server.2=slave01::3888', 18, '`` is no quorum port', undefined],
    ['server.2=:2888:3888', 10, "can't read", undefined],
    ['server.2=', 10, 'is empty', undefined],
    ['server.2=slave01:2888:3888:voter', 28, '`voter` is no role', undefined],
    ['server.2=slave01:2888:3888:obsrver', 28, '`obsrver` is no role', 'observer'],
    ['server.2=slave01:2888:3888:observer:x', 10, "can't read", undefined],
    ['server.2=slave01:2888:3888x', 23, '`3888x` is no election port', undefined],
    ['server.2=slave01:2888:3888 ', 27, 'does not trim', '3888'],
    ['server.2=slave01:70000:3888', 18, '`70000` is no quorum port', undefined],
    ['server.2=slave01:2888:2888', 23, 'same quorum and election port', undefined],
    ['server.two=slave01:2888:3888', 1, '`server.two` names no server', undefined],
    ['server.2=a:1:2|b:1:2', 10, "can't read", undefined],
    ['server.2=slave01:2888:3888;x', 28, '`x` is no client port', undefined],
    ['server.2=slave01:2888:3888;1;2;3', 10, "can't read", undefined],
  ])('refuses %s and says where', (line, column, message, suggestion) => {
    const [problem, ...more] = problemsOf(THREE.replace('server.2=slave01:2888:3888', line));
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ line: 8, column });
    expect(problem?.message).toContain(message);
    expect(problem?.expected).not.toBe('');
    expect(problem?.suggestion).toBe(suggestion);
  });

  it.each([
    [
      'a second server with the same number',
      `${THREE}server.02=other:2888:3888`,
      10,
      1,
      'given a second time',
    ],
    ['two servers at one address', THREE.replace('slave02', 'slave01'), 9, 1, 'listens at slave01:2888'],
    ['no dataDir', THREE.replace(/dataDir.*\n/, ''), 1, 1, 'dataDir is not set'],
    ['no initLimit', THREE.replace('initLimit=10\n', ''), 1, 1, 'initLimit is not set'],
    ['a syncLimit of zero', THREE.replace('syncLimit=5', 'syncLimit=0'), 4, 11, 'syncLimit is `0`'],
    ['a tick with a unit', THREE.replace('=2000', '=2s'), 2, 10, 'tickTime is `2s`'],
    [
      'a minimum above the maximum',
      `${THREE}minSessionTimeout=50000`,
      10,
      1,
      'above maxSessionTimeout (40000)',
    ],
    ['another election algorithm', `${THREE}electionAlg=0`, 10, 1, 'electionAlg'],
    ['a bad boolean', `${THREE}standaloneEnabled=yes`, 10, 19, '`yes` is no boolean'],
    ['a dynamic file', `${THREE}dynamicConfigFile=x`, 10, 1, 'dynamic'],
    [
      'an address without a port',
      `${SAMPLE.replace('clientPort=2181', 'clientPortAddress=h')}server.1=h:1:2`,
      6,
      1,
      'clientPort is not set',
    ],
    ['no server', SAMPLE, 1, 1, 'there is no server'],
    ['only observers', `${SAMPLE}server.1=a:1:2:observer`, 7, 1, 'observers without participants'],
    ['an observer of one', `${SAMPLE}server.1=a:1:2\nserver.2=b:1:2:observer`, 7, 1, 'one participant'],
    ['a malformed escape', `${THREE}x=\\u00g0`, 10, 3, 'malformed escape'],
  ])('refuses %s', (_, text, line, column, message) => {
    const problem = problemsOf(text).find((candidate) => candidate.message.includes(message));
    expect(problem).toMatchObject({ line, column });
  });

  it('lists every problem, not only the first', () => {
    const text = THREE.replace('syncLimit=5', 'syncLimit=x').replace(':3888\nserver.3', '\nserver.3');
    expect(problemsOf(text).map((problem) => problem.line)).toEqual([4, 8]);
  });

  it.each([
    ['tickTme=2000', 'tickTime'],
    ['sever.4=h:1:2', 'server.4'],
    ['server4=h:1:2', 'server.4'],
    ['synclimit=5', 'syncLimit'],
  ])('warns of %s, which ZooKeeper would silently ignore', (line, meant) => {
    expect(warningsOf(`${THREE}${line}`)).toMatchObject([{ line: 10, column: 1, suggestion: meant }]);
  });

  it('tolerates keys that resemble none, as ZooKeeper does', () => {
    expect(warningsOf(`${THREE}my.own.switch=on`)).toEqual([]);
  });

  it('takes the last of equal keys, with a warning', () => {
    expect(configOf(`${THREE}syncLimit=8`).syncLimit).toBe(8);
    expect(warningsOf(`${THREE}syncLimit=8`)).toMatchObject([{ line: 10 }]);
  });

  it.each([
    ['snapCount=1', { snapCount: 2 }],
    ['snapCount=many', { snapCount: 100_000 }],
    ['commitLogCount=10', { commitLogCount: 500 }],
    ['snapshotSizeFactor=2', { snapshotSizeFactor: 0.33 }],
    ['snapshotSizeFactor=-1', { snapshotSizeFactor: -1 }],
    ['maxSessionTimeout=90000', { maxSessionTimeout: 90_000 }],
    ['testingonly.initialZxid=4294967290', { initialCounter: 4_294_967_290 }],
  ])('takes %s as ZooKeeper does', (line, expected) => {
    expect(configOf(`${THREE}${line}`)).toMatchObject(expected);
  });

  it('warns of an even number of participants and of servers that no client can reach', () => {
    const text = `${THREE}server.4=h:1:2`.replace('clientPort=2181\n', '');
    expect(warningsOf(text).map((warning) => warning.message)).toEqual([
      expect.stringContaining('even number'),
      ...[1, 2, 3, 4].map(
        (id) => expect.stringContaining(`server ${String(id)} has no client port`) as string,
      ),
    ]);
  });
});

describe('groups and weights', () => {
  it('make the quorums hierarchical', () => {
    const config = configOf(`${THREE}group.1=1:2\ngroup.2=3\nweight.1=2\n`);
    expect(config.groups).toEqual(
      new Map([
        [1, [1, 2]],
        [2, [3]],
      ]),
    );
    expect(config.weights).toEqual(new Map([[1, 2]]));
  });

  it.each([
    ['group.1=1:2', 9, 1, 'server 3 is not in a group'],
    ['weight.1=1', 7, 1, 'server 1 is not in a group'],
    ['group.1=1:2:3\ngroup.2=3', 11, 9, 'multiple groups'],
    ['group.1=1:2:3:9', 10, 9, 'no participant'],
    ['group.1=1:2: 3', 10, 13, 'no server’s number'.replace('’', "'")],
    ['group.1=1:2:3\nweight.1=x', 11, 10, 'no weight'],
    ['group=1:2:3', 10, 1, 'has no number'],
  ])('refuse %s', (lines, line, column, message) => {
    const problem = problemsOf(`${THREE}${lines}`).find((candidate) => candidate.message.includes(message));
    expect(problem).toMatchObject({ line, column });
  });
});

describe('a myid file', () => {
  const sids = [sid(1), sid(2), sid(3)];

  it.each(['2', '2\n', '2\r\nwhatever', '+2', '02'])('%j is server 2', (text) => {
    expect(parseMyid(text, sids)).toEqual({ ok: true, sid: 2 });
  });

  it.each([
    ['', 'empty', undefined],
    ['\n2', 'empty', undefined],
    ['two', 'not a number', undefined],
    ['2 ', 'does not trim', '2'],
    ['7', 'not in the zoo.cfg', undefined],
  ])('%j is refused', (text, message, suggestion) => {
    const result = parseMyid(text, sids);
    expect(result.ok ? undefined : result.problem).toMatchObject({
      line: 1,
      column: 1,
      expected: "one of the zoo.cfg's server numbers: 1, 2, 3",
    });
    expect(result.ok ? '' : result.problem.message).toContain(message);
    expect(result.ok ? undefined : result.problem.suggestion).toBe(suggestion);
  });
});

describe('any text', () => {
  it('gives a configuration or problems with a place, never an exception', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...THREE.split('\n'),
        'group.1=1:2:3',
        'weight.1=0',
        'server.1=a:b:c;;|',
        '\\',
        'x=\\u12',
      ),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\\\n'), (lines, end) => {
        const result = parseZooCfg(lines.join(end));
        for (const { line: row, column } of result.ok ? result.warnings : result.problems) {
          expect(row).toBeGreaterThan(0);
          expect(row).toBeLessThanOrEqual(Math.max(1, lines.join(end).split(/\r\n|\r|\n/).length));
          expect(column).toBeGreaterThan(0);
        }
      }),
    );
  });
});
