import { nearestWord } from '../../../protocol/nearest-word.ts';
import { behaviourOf, BEHAVIOUR_NAMES } from '../../../protocol/release/behaviours.ts';
import { ISSUES, versionsWith } from '../../../protocol/release/release.ts';
import type { Exhibit } from '../../../reports/history/exhibit.ts';
import { toProblem, type Problem } from '../../../scenarios/problem.ts';
import type { RunPlan } from '../../plan.ts';
import type { CommandLineDeps } from '../deps.ts';
import { BadInput, UsageError } from '../errors.ts';

/** Every exhibit, in the order of the table of behaviours: those of one part of ZooKeeper stand together. */
export async function openMuseum(deps: CommandLineDeps): Promise<readonly Exhibit[]> {
  const { listMuseum, loadScenario } = await deps.scenarios();
  const found = listMuseum().map((name) => ({ name, result: loadScenario(name) }));
  const problems = found.flatMap(({ name, result }) => {
    if (!result.ok) return result.problems;
    return result.plan.history === undefined ? [tellsNothing(name)] : [];
  });
  if (problems.length > 0) throw new BadInput(problems);
  const exhibits = found.flatMap(({ result }) => (result.ok ? exhibitOf(result.plan) : []));
  return exhibits.toSorted((a, b) => ISSUES.indexOf(a.id) - ISSUES.indexOf(b.id));
}

function exhibitOf(plan: RunPlan): readonly Exhibit[] {
  if (plan.history === undefined) return [];
  const { issue, title, breaks } = plan.history;
  return [
    { id: issue, title, promise: breaks, versions: versionsWith(issue), does: whatItDoes(issue), plan },
  ];
}

/** Of every behaviour that belongs to the issue, a sentence. */
const whatItDoes = (issue: string): readonly string[] =>
  BEHAVIOUR_NAMES.map(behaviourOf).flatMap((behaviour) =>
    behaviour.issue === issue ? [behaviour.does] : [],
  );

const tellsNothing = (file: string): Problem =>
  toProblem({ file, line: 1, column: 1 }, 'this scenario shows no defect', 'a scenario with `history`');

/** `ZOOKEEPER-1419`, in any case; its number is enough. */
export function findExhibit(exhibits: readonly Exhibit[], word: string): Exhibit {
  const wanted = word.toUpperCase();
  const found =
    exhibits.find(({ id }) => id === wanted) ?? exhibits.find(({ id }) => numberOf(id) === wanted);
  if (found !== undefined) return found;
  const nearest = nearestWord(
    word,
    exhibits.flatMap(({ id }) => [id, numberOf(id)]),
  );
  const hint = nearest === undefined ? '`zabsim history` lists what there is' : `did you mean ${nearest}?`;
  throw new UsageError(`the museum has no ${word}; ${hint}`);
}

const numberOf = (id: string): string => id.slice(id.indexOf('-') + 1);
