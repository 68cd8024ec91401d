import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/loader.ts';
import { type Ended, commandLine } from '../support/command-line.ts';
import { memoryFiles } from '../support/memory-files.ts';

/** What the loader really says of what people really get wrong, and what the command line makes of it. */
const STORY = `name: mine
description: A story of mine.
ensemble:
  servers: [zk1, zk2, zk3]
  tickTime: 500ms
timeline:
  - { at: 3s, crash: leader }
duration: 10s
`;

const WITH_CONFIG = `name: mine
description: A story of mine.
ensemble:
  config: conf/zoo.cfg
  myid: { zk1: conf/zk1/myid, zk2: conf/zk2/myid, zk3: conf/zk3/myid }
duration: 10s
`;

const ZOO_CFG = `tickTime=2000
initLimit=10
syncLimit=5
clientPort=2181
dataDir=/var/lib/zookeeper
server.1=zk1:2888:3888
server.2=zk2:2888:3888
server.3=zk3:2888:3888
`;

const CONFIGURED = {
  'mine.yaml': WITH_CONFIG,
  'conf/zoo.cfg': ZOO_CFG,
  'conf/zk1/myid': '1\n',
  'conf/zk2/myid': '2\n',
  'conf/zk3/myid': '3\n',
};

type Files = Readonly<Record<string, string>>;

/** `zabsim run mine.yaml` among these files. */
const runMine = (files: Files, command = 'run'): Promise<Ended> => {
  const scenarios = new Map([['mine.yaml', loadScenario('mine.yaml', memoryFiles(files))]]);
  return commandLine([command, 'mine.yaml', ...(command === 'run' ? ['--seed', '1'] : [])], { scenarios });
};

const edited = (name: keyof typeof CONFIGURED, from: string, to: string): Files => {
  expect(CONFIGURED[name]).toContain(from);
  return { ...CONFIGURED, [name]: CONFIGURED[name].replace(from, to) };
};

const story = (from: string, to: string): Files => {
  expect(STORY).toContain(from);
  return { 'mine.yaml': STORY.replace(from, to) };
};

const without = (name: keyof typeof CONFIGURED): Files =>
  Object.fromEntries(Object.entries(CONFIGURED).filter(([path]) => path !== name));

interface Case {
  readonly what: string;
  readonly files: Files;
  /** Where the message says it is. */
  readonly place: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    what: 'a file that is not there',
    files: {},
    place: 'mine.yaml:1:1',
    says: ['no such file', 'expected: a scenario file, or one of the library'],
  },
  {
    what: 'bad YAML',
    files: story('servers: [zk1, zk2, zk3]', 'servers: [zk1, zk2'),
    place: 'mine.yaml:5:3',
    says: ['expected:'],
  },
  {
    what: 'an unknown key',
    files: story('tickTime', 'tikTime'),
    place: 'mine.yaml:5:3',
    says: ['unknown key `tikTime`', 'expected:', 'did you mean tickTime?'],
  },
  {
    what: 'a wrong unit',
    files: story('tickTime: 500ms', 'tickTime: 500msec'),
    place: 'mine.yaml:5:13',
    says: ['`500msec`', 'expected:', 'did you mean 500ms?'],
  },
  {
    what: 'an unknown server',
    files: story('crash: leader', 'crash: zk4'),
    place: 'mine.yaml:7:22',
    says: ['`zk4`', 'expected: one of `zk1`, `zk2`, `zk3`', 'did you mean'],
  },
  {
    what: 'a zoo.cfg that is not there',
    files: without('conf/zoo.cfg'),
    place: 'mine.yaml:4:11',
    says: ["can't read the zoo.cfg `conf/zoo.cfg`: no such file", 'expected: the path of a zoo.cfg'],
  },
  {
    what: 'a myid file that is not there',
    files: without('conf/zk2/myid'),
    place: 'mine.yaml:5:36',
    says: ['myid file is missing for zk2', 'expected: a file that says 2'],
  },
  {
    what: 'a server without a myid',
    files: edited('mine.yaml', ', zk3: conf/zk3/myid', ''),
    place: 'mine.yaml:5:3',
    says: ['myid file is missing for zk3 (server.3)', 'expected: `zk3:` and the path of its myid file'],
  },
  {
    what: "a myid that is another's",
    files: edited('conf/zk2/myid', '2', '3'),
    place: 'conf/zk2/myid:1:1',
    says: ['myid of zk2 is 3', 'expected: 2'],
  },
  {
    what: 'one sid for two servers',
    files: edited('conf/zoo.cfg', 'server.2', 'server.1'),
    place: 'conf/zoo.cfg:7:',
    says: ['server.1', 'expected:'],
  },
  {
    what: 'a server line that cannot be read',
    files: edited('conf/zoo.cfg', 'zk2:2888:3888', 'zk2;2888;3888'),
    place: 'conf/zoo.cfg:7:',
    says: ['expected:'],
  },
  {
    what: 'a server line without its election port',
    files: edited('conf/zoo.cfg', 'zk2:2888:3888', 'zk2:2888'),
    place: 'conf/zoo.cfg:7:',
    says: ['expected:'],
  },
  {
    what: 'a value that is no number',
    files: edited('conf/zoo.cfg', 'tickTime=2000', 'tickTime=2s'),
    place: 'conf/zoo.cfg:1:10',
    says: ['2s', 'expected:'],
  },
];

describe('a mistake of ours', () => {
  it('is none: these files are right until something is changed in them', async () => {
    expect(await runMine({ 'mine.yaml': STORY })).toMatchObject({ status: 0, stderr: '' });
    expect(await runMine(CONFIGURED)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.each(['run', 'check'])('zabsim %s with', (command) => {
  it.each(CASES)('$what says where, and what was expected there', async ({ files, place, says }) => {
    const { status, stdout, stderr } = await runMine(files, command);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toMatch(/^[\w./]+:\d+:\d+: error: \S/);
    expect(stderr).toContain(place);
    for (const part of says) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
