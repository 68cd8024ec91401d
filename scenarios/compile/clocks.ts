import { nearestWord } from '../../protocol/nearest-word.ts';
import type { Sid } from '../../protocol/ids.ts';
import type { ClockPlan } from '../../sim/world-plan.ts';
import type { WrittenScenario } from '../schema/scenario.ts';
import { listOf, type Names } from './names.ts';
import type { Report } from './report.ts';

/** The `clocks:` of a scenario: servers whose clocks are off from the beginning, each named once. */
export function compileClocks(
  written: NonNullable<WrittenScenario['clocks']>,
  names: Names,
  report: Report,
): ClockPlan[] {
  const met = new Set<Sid>();
  return Object.entries(written).flatMap(([word, { offset = 0, drift = 0 }]) => {
    const path = ['clocks', word];
    const sid = names.sidOf(word);
    if (sid === undefined) {
      const known = names.serverNames();
      report.keyProblem(path, `there is no server \`${word}\``, listOf(known), nearestWord(word, known));
      return [];
    }
    if (met.has(sid)) report.keyProblem(path, `${names.nameOf(sid)} is named already`, 'each server once');
    met.add(sid);
    return [{ sid, offsetMs: offset, driftPpm: drift }];
  });
}
