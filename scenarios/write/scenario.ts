import { scenarioNames } from '../../sim/plan-text/names.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { clientLines } from './clients.ts';
import { ensembleLines } from './ensemble.ts';
import { expectationLines } from './expectations.ts';
import { type Lines, pairs } from './lines.ts';
import { timelineLines } from './timeline.ts';
import { worldLines } from './world.ts';

/**
 * A plan as the text of a scenario file that a person can read and change. Loading it gives the same plan again (but
 * for `source`), and so the same run from the same seed. `header` becomes comments at its top.
 */
export function writeScenario(plan: RunPlan, header = ''): string {
  const { name, description, ensemble, clients, expectations, durationMs, calmMs } = plan;
  const { release, gaps } = plan;
  const history = plan.history && { ...plan.history };
  const recorded = plan.recorded && { ...plan.recorded };
  const nameOf = scenarioNames(
    ensemble.servers,
    clients.map((client) => client.name),
  );
  const lines = [
    ...comment(header),
    ...pairs({ name, description, release, gaps, history, recorded, generated: true }),
    ...ensembleLines(ensemble, plan.serverReleases),
    ...worldLines(plan, nameOf),
    ...clientLines(plan, nameOf),
    ...timelineLines(plan, nameOf),
    ...pairs({ duration: timeText(durationMs), calm: timeText(calmMs) }),
    ...expectationLines(expectations, nameOf),
  ];
  return `${lines.join('\n')}\n`;
}

const comment = (text: string): Lines =>
  text === '' ? [] : text.split(/\r\n|\r|\n/).map((line) => `# ${line}`.trimEnd());
