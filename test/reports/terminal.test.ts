import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { PLAIN, createPalette } from '../../reports/colours.ts';
import { displayWidth } from '../../reports/display-width.ts';
import { runText } from '../../reports/terminal.ts';
import type { RunPlan } from '../../sim/plan.ts';
import {
  crashOfTheLeader,
  ensembleOf,
  minorityCutOff,
  planOf,
  recordOf,
  resultOf,
} from '../support/report-runs.ts';

const HATCHED_OR_MARK = /[┃│┆?x=]/;

describe('the report of a run on the terminal', () => {
  it('tells the crash of a leader, 80 columns wide', async () => {
    const text = runText(recordOf(crashOfTheLeader()), { columns: 80, palette: PLAIN });
    await expect(text).toMatchFileSnapshot('../golden/report-crash-of-the-leader-80.txt');
  });

  it('tells a partition, 100 columns wide', async () => {
    const text = runText(recordOf(minorityCutOff()), { columns: 100, palette: PLAIN });
    await expect(text).toMatchFileSnapshot('../golden/report-minority-cut-off-100.txt');
  });

  it('tells a broken promise with its evidence, and a missed expectation with what was seen', async () => {
    const result = resultOf({
      verdict: 'broken',
      promises: [
        { name: 'one-leader-an-epoch', kept: true, checked: 2 },
        {
          name: 'no-committed-txn-lost',
          kept: false,
          checked: 17,
          evidence: [
            '0x100000005 was committed at 1.204s with acks of {1, 3}',
            'server 2 was established for epoch 2 at 3.118s; its history ends at 0x100000004',
            '  so that 0x100000005 is in no history of epoch 2',
          ],
        },
      ],
      expectations: [{ text: 'the client sees no error', met: false, seen: '2 CONNECTIONLOSS' }],
    });
    const plan = planOf({ ensemble: ensembleOf(['a', 'b', 'c', 'd', 'e'], ['e']) });
    const text = runText(recordOf(minorityCutOff(), plan, result), { columns: 80, palette: PLAIN });
    await expect(text).toMatchFileSnapshot('../golden/report-broken-promise-80.txt');
  });

  it('says that every promise was kept but an expectation was missed', () => {
    const result = resultOf({ verdict: 'failed', expectations: [{ text: 'a leader', met: false }] });
    const text = runText(recordOf(minorityCutOff(), planOf(), result), { columns: 80, palette: PLAIN });
    expect(text).toContain('every promise was kept, but 1 expectation of 1 missed');
  });

  it('tells a void promise with the fault that voided it, and does not accuse', async () => {
    const fault = 'wipe: slave02';
    const result = resultOf({
      promises: [
        { name: 'total-order', kept: true, checked: 17 },
        {
          name: 'no-committed-txn-lost',
          kept: false,
          checked: 17,
          evidence: ['0x100000005 is gone'],
          voidedBy: `${fault} at 5.000 s`,
        },
        { name: 'liveness', kept: true, checked: 1 },
      ],
      outsideModel: [{ fault, atMs: 5000, promises: ['no-committed-txn-lost'] }],
    });
    const text = runText(recordOf(crashOfTheLeader(), planOf(), result), { columns: 80, palette: PLAIN });
    await expect(text.slice(text.indexOf('Promises'))).toMatchFileSnapshot(
      '../golden/report-void-promise-80.txt',
    );
  });

  it('shows the events that led to a broken promise below its evidence', () => {
    const slice = [
      '12.345678s zk1       established epoch=1',
      `12.400000s zk2       crashed ${'lost=1 '.repeat(12)}`,
    ];
    const promises = [{ name: 'total-order', kept: false, checked: 17, evidence: ['it is gone'], slice }];
    const result = resultOf({ verdict: 'broken', promises });
    const text = runText(recordOf([], planOf(), result), { columns: 80, palette: PLAIN });
    expect(text.slice(text.indexOf('  ✘ total-order')).split('\n').slice(0, 6)).toEqual([
      '  ✘ total-order  BROKEN, checked 17 times',
      '      it is gone',
      '      how it came:',
      '        12.345678s zk1       established epoch=1',
      '        12.400000s zk2       crashed lost=1 lost=1 lost=1 lost=1 lost=1 lost=1',
      '            lost=1 lost=1 lost=1 lost=1 lost=1 lost=1',
    ]);
  });

  it('says why it can not be told whether a promise was kept, and does not call it broken', () => {
    const promises = [
      { name: 'total-order', kept: true, checked: 17 },
      { name: 'linearizable-writes', kept: false, checked: 3, unknown: 'the search has a limit' },
    ];
    const result = resultOf({ verdict: 'failed', promises });
    const text = runText(recordOf([], planOf(), result), { columns: 120, palette: PLAIN });
    expect(text).toContain('  ? linearizable-writes  UNKNOWN, checked 3 times: the search has a limit\n');
    expect(text).toContain("1 unknown one aside, but it can't be told whether linearizable-writes held.");
    expect(text).not.toMatch(/BROKEN|broke /);
  });

  it('counts only what is broken as broken, beside what is unknown or void', () => {
    const red = { kept: false, checked: 1 };
    const promises = [
      { name: 'a', ...red, evidence: ['x'] },
      { name: 'b', ...red, unknown: 'y' },
      { name: 'c', ...red, evidence: ['z'], voidedBy: 'wipe: zk1' },
    ];
    const result = resultOf({ verdict: 'broken', promises });
    const text = runText(recordOf([], planOf(), result), { columns: 120, palette: PLAIN });
    expect(text).toContain('ZooKeeper broke 1 promise of 3: a.');
  });

  it('tells a known gap as a note, and the run is green', () => {
    const knownGap = ['alice read /a as of 0x1', 'bob had been told of 0x2'];
    const promises = [{ name: 'synced-reads', kept: true, checked: 3, knownGap }];
    const record = recordOf([], planOf(), resultOf({ promises }));
    const text = runText(record, { columns: 120, palette: PLAIN });
    expect(text).toContain('  ✔ synced-reads  checked 3 times; what many take for promised');
    expect(text).toContain('      alice read /a as of 0x1\n      bob had been told of 0x2\n');
    expect(text).toContain('✔ With seed 1 every promise was kept');
    const coloured = runText(record, { columns: 120, palette: createPalette(1) });
    expect(coloured).toContain('\u001b[33m  ✔ synced-reads');
  });

  it('names the release in its head, and that of a server with one of its own', () => {
    const plan = planOf({ release: '3.8.4', serverReleases: [{ sid: sid(2), release: '3.9.4' }] });
    const text = runText(recordOf([], plan), { columns: 120, palette: PLAIN });
    expect(text).toContain(' · release 3.8.4\n');
    expect(text).toContain('servers: master01 (1) · slave01 (2, 3.9.4) · slave02 (3)\n');
    const plain = runText(recordOf([], planOf()), { columns: 120, palette: PLAIN });
    expect(plain).not.toContain('release');
  });

  it('tells why a run could not be live, and which faults struck nobody', () => {
    const excuse =
      'no quorum can start: slave01 is lost for good, slave02 refuses to start (CRC check failed)';
    const result = resultOf({
      promises: [{ name: 'liveness', kept: true, checked: 2 }],
      liveness: { live: false, excuse },
      faults: [{ text: 'crash: observers', kind: 'crash', cause: 'at 3000 ms', atMs: 3000, struck: [] }],
    });
    const text = runText(recordOf([], planOf(), result), { columns: 160, palette: PLAIN });
    expect(text).toContain(`  ~ liveness  EXCUSED: ${excuse}\n`);
    expect(text).toContain('Struck nobody: crash: observers at 3.000s.\n');
  });

  it('does not say that trees are equal when digests differ', () => {
    const [first, second] = resultOf().servers;
    const servers = first === undefined || second === undefined ? [] : [first, { ...second, digest: 'ff' }];
    const text = runText(recordOf([], planOf(), resultOf({ servers })), { columns: 80, palette: PLAIN });
    expect(text).not.toContain('same tree');
  });
});

describe.each([80, 100, 140])('at %i columns', (columns) => {
  const plans: readonly (readonly [what: string, plan: Partial<RunPlan>])[] = [
    ['three servers', {}],
    ['five servers with long names', { ensemble: ensembleOf(numbered(5, 'zookeeper-in-the-cellar-')) }],
    ['servers with wide names', { ensemble: ensembleOf(['主节点一号机', '从节点二号机', '从节点三号机']) }],
    ['thirteen servers', { ensemble: ensembleOf(numbered(13, 'zk')) }],
    ['thirty servers', { ensemble: ensembleOf(numbered(30, 'zk')) }],
    ['a story in Chinese', { name: '领导者崩溃', description: '集群中的领导者在广播时崩溃。'.repeat(12) }],
    ['a story of one very long word', { description: 'x'.repeat(500) }],
  ];

  it.each(plans)('no line is longer with %s', (_what, changes) => {
    for (const trace of [crashOfTheLeader(), minorityCutOff()]) {
      const text = runText(recordOf(trace, planOf(changes)), { columns, palette: PLAIN });
      for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it.each(plans)('the state marks of each server stand below each other with %s', (_what, changes) => {
    const plan = planOf(changes);
    const text = runText(recordOf(crashOfTheLeader(), plan), { columns, palette: PLAIN });
    const lines = text.split('\n');
    const head = lines.findIndex((line) => line.startsWith('──────'));
    const rows = lines.slice(head + 1, lines.indexOf('', head));
    const marks = rows.filter((line) => !/━━|──|clients:/.test(line)).map((line) => Array.from(line));
    const columnsOfMarks = [...(marks[0] ?? []).keys()].filter((column) => column > 10);
    const aligned = columnsOfMarks.filter((column) =>
      marks.every((line) => HATCHED_OR_MARK.test(line[column] ?? '')),
    );
    expect(aligned.length).toBeGreaterThanOrEqual(plan.ensemble.servers.length);
  });
});

describe('the width', () => {
  const widest = (columns: number): number => {
    const text = runText(recordOf(minorityCutOff()), { columns, palette: PLAIN });
    return Math.max(...text.split('\n').map(displayWidth));
  };

  it('is 80 at least, however narrow the terminal', () => {
    expect(widest(20)).toBe(80);
  });

  it('is 160 at most, however wide the terminal', () => {
    expect(widest(400)).toBe(160);
  });
});

describe('colour', () => {
  const plain = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '').replace(/ +$/gm, '');

  it.each([1, 2, 3] as const)('changes no character of the text, at level %i', (level) => {
    const record = recordOf(minorityCutOff());
    const coloured = runText(record, { columns: 100, palette: createPalette(level) });
    expect(coloured).toContain('\u001b[');
    expect(plain(coloured)).toBe(runText(record, { columns: 100, palette: PLAIN }));
  });

  it('does not let a scenario steer the terminal', () => {
    const plan = planOf({ name: 'a\u001b[2Jb', description: '\u001b]0;title\u0007' });
    const text = runText(recordOf([], plan), { columns: 80, palette: PLAIN });
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u0007');
  });
});

function numbered(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${String(index + 1)}`);
}
