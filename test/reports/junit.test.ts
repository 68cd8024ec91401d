import { describe, expect, it } from 'vitest';
import { junitXml } from '../../reports/junit.ts';
import { resultOf } from '../support/report-runs.ts';

describe("runs in JUnit's XML", () => {
  it('are one suite a run and one test case a promise or expectation', async () => {
    const red = resultOf({
      scenario: 'mine & yours.yaml',
      seed: '<2>',
      verdict: 'broken',
      promises: [
        { name: 'total-order', kept: false, checked: 3, evidence: ['a < b & "c"', 'second\u0001 line'] },
      ],
      expectations: [{ text: 'a leader', met: false, seen: 'none' }],
    });
    await expect(junitXml([resultOf(), red])).toMatchFileSnapshot('../golden/report-junit.xml');
  });

  it('hold nothing against ZooKeeper that is void or excused', () => {
    const result = resultOf({
      promises: [
        {
          name: 'total-order',
          kept: false,
          checked: 3,
          evidence: ['gone'],
          voidedBy: 'wipe: zk3 at 12.000 s',
        },
        { name: 'liveness', kept: true, checked: 1 },
      ],
      liveness: { live: false, excuse: 'no quorum can start: zk3 is lost for good' },
      expectations: [],
    });
    const xml = junitXml([result]);
    expect(xml).toContain('failures="0" errors="0" skipped="2"');
    expect(xml).toContain('<skipped message="void: wipe: zk3 at 12.000 s"/>');
    expect(xml).toContain('<skipped message="no quorum can start: zk3 is lost for good"/>');
  });

  it('fail what can not be told, and say why', () => {
    const promises = [{ name: 'linearizable-writes', kept: false, checked: 3, unknown: 'too many <states>' }];
    const xml = junitXml([resultOf({ verdict: 'failed', promises, expectations: [] })]);
    expect(xml).toContain('failures="1" errors="0" skipped="0"');
    expect(xml).toContain('<failure message="unknown: too many &lt;states&gt;">');
  });

  it('pass what is only a known gap, and tell of it', () => {
    const promises = [{ name: 'synced-reads', kept: true, checked: 3, knownGap: ['a < b'] }];
    const xml = junitXml([resultOf({ promises, expectations: [] })]);
    expect(xml).toContain('failures="0" errors="0" skipped="0"');
    expect(xml).toContain('<system-out>not promised, and missed:\na &lt; b</system-out></testcase>');
  });

  it('show the events that led to a broken promise, and the release', () => {
    const promises = [
      { name: 'watches', kept: false, checked: 3, evidence: ['gone'], slice: ['1.0s zk1 crashed'] },
    ];
    const xml = junitXml([resultOf({ verdict: 'broken', release: '3.4.13', promises, expectations: [] })]);
    expect(xml).toContain('gone\n1.0s zk1 crashed\nnpx zabsim run first --seed 1 --release 3.4.13</failure>');
    expect(xml).toContain('<property name="release" value="3.4.13"/>');
  });

  it('leave no character in it that XML 1.0 forbids', () => {
    const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');
    const xml = junitXml([resultOf({ expectations: [{ text: controls, met: false, seen: controls }] })]);

    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  it('are a valid document when there is none', () => {
    expect(junitXml([])).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="zabsim">\n</testsuites>\n',
    );
  });
});
