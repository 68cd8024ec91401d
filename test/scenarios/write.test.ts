import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { libraryNames } from '../../scenarios/library.ts';
import { loadText } from '../../scenarios/loader.ts';
import { writeScenario } from '../../scenarios/write/scenario.ts';
import { flowText, scalarText } from '../../sim/plan-text/flow.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { arbitraryPlan } from '../support/arbitrary-plan.ts';
import { libraryPlan } from '../support/library-plan.ts';
import { memoryFiles } from '../support/memory-files.ts';

/** The plan without the places of its lines in a file. */
const anywhere = (plan: RunPlan): RunPlan => ({
  ...plan,
  timeline: plan.timeline.map((entry) => ({ ...entry, source: '' })),
  expectations: plan.expectations.map((expectation) => ({ ...expectation, source: '' })),
});

function reload(plan: RunPlan): RunPlan {
  const text = writeScenario(plan);
  const result = loadText('written.yaml', text, memoryFiles({}));
  if (!result.ok) throw new Error(`${JSON.stringify(result.problems, undefined, 1)}\n${text}`);
  return anywhere(result.plan);
}

describe('a plan that is written as a scenario file', () => {
  it('is the same plan when the file is loaded', () => {
    fc.assert(
      fc.property(arbitraryPlan, (plan) => {
        expect(reload(plan)).toEqual(plan);
      }),
      { numRuns: 150 },
    );
  });

  it.each(libraryNames())('is the same for the library’s %s', (name) => {
    const plan = libraryPlan(name);
    expect(reload(plan)).toEqual(anywhere(plan));
  });
});

describe('data in a line of YAML', () => {
  it('is read as the same text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[-+0-9.exab: ]*$/)),
        (text) => {
          expect(parse(`[ ${scalarText(text)}, { a: ${scalarText(text)} } ]`)).toEqual([text, { a: text }]);
          expect(parse(`a: ${scalarText(text)}`)).toEqual({ a: text });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    [['zk1', 'any follower'], '[zk1, any follower]'],
    [{ for: '3s', until: undefined, to: true, n: -1 }, '{ for: 3s, to: true, n: -1 }'],
    [
      ['{n}', "it's", 'true', '12', '1e5', '0x1F', '', 'a: b', '10.0.0.1', 'h:2881'],
      `['{n}', "it's", 'true', '12', '1e5', '0x1F', '', 'a: b', 10.0.0.1, h:2881]`,
    ],
    [[[], {}], '[[], {}]'],
  ])('has no more quotes than it needs: %j', (data, text) => {
    expect(flowText(data)).toBe(text);
  });
});
