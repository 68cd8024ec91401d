import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { libraryNames } from '../../scenarios/library.ts';
import { FAULT_KINDS } from '../../sim/fault-kinds.ts';
import { libraryPlan } from '../support/library-plan.ts';

/** Scenario → the kinds of fault in its timeline. */
const SHOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  libraryNames().map((name) => [name, new Set(libraryPlan(name).timeline.map(({ fault }) => fault.kind))]),
);

interface Row {
  readonly kind: string;
  readonly scenarios: readonly string[];
}

const quoted = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** Of the tables under "The faults": the kind stands first, the scenarios that show it last. */
function rowsOf(readme: string): readonly Row[] {
  const chapter = /\n## The faults\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
  return chapter.split('\n').flatMap((line) => {
    const cells = line.split('|').slice(1, -1);
    const [kind] = quoted(cells[0] ?? '');
    return kind === undefined ? [] : [{ kind, scenarios: quoted(cells.at(-1) ?? '') }];
  });
}

const ROWS = rowsOf(readFileSync('scenarios/README.md', 'utf8'));

describe('of every kind of fault', () => {
  it.each(FAULT_KINDS)('%s is in a scenario of the library', (kind) => {
    const shownBy = [...SHOWN].filter(([, kinds]) => kinds.has(kind)).map(([name]) => name);
    expect(shownBy.length).toBeGreaterThan(0);
  });

  it.each(FAULT_KINDS)('%s is described in the README, next to scenarios that have it', (kind) => {
    const scenarios = ROWS.filter((row) => row.kind === kind).flatMap((row) => row.scenarios);
    expect(scenarios.length).toBeGreaterThan(0);
    for (const name of scenarios) expect([...(SHOWN.get(name) ?? [])], name).toContain(kind);
  });

  it('the README describes none that does not exist', () => {
    const unknown = ROWS.filter(({ kind }) => !FAULT_KINDS.some((known) => known === kind));
    expect(unknown).toEqual([]);
  });
});
