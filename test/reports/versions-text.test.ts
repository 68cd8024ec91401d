import { describe, expect, it } from 'vitest';
import {
  behavioursOf,
  ISSUES,
  releaseOf,
  releaseWithIssue,
  versionsWith,
} from '../../protocol/release/release.ts';
import { VERSIONS } from '../../protocol/release/versions.ts';
import { versionsText } from '../../reports/history/versions-text.ts';

describe('versions as people say them', () => {
  it.each([
    ['none', []],
    ['all', VERSIONS],
    ['3.4.0–3.4.3', ['3.4.0', '3.4.1', '3.4.2', '3.4.3']],
    ['3.4.5', ['3.4.5']],
    ['up to 3.1.1', VERSIONS.slice(0, 4)],
    [`${VERSIONS.at(-2) ?? ''} and newer`, VERSIONS.slice(-2)],
    ['3.4.10–3.4.11, 3.5.3', ['3.4.10', '3.4.11', '3.5.3']],
  ])('%s', (text, versions) => {
    expect(versionsText(versions)).toBe(text);
  });

  it('go over branches, as nothing was released between them', () => {
    expect(versionsText(['3.4.13', '3.4.14', '3.5.0'])).toBe('3.4.13–3.5.0');
  });
});

describe('the versions that have something of an issue', () => {
  it.each(ISSUES)('are those whose release has one of its behaviours: %s', (issue) => {
    const own = behavioursOf(releaseWithIssue(issue));
    const having = VERSIONS.filter((version) => own.some((name) => releaseOf(version)[name]));
    expect(versionsWith(issue)).toEqual(having);
    expect(having).not.toEqual([]);
  });
});
