import type { EnsembleConfig, ServerSpec } from '../protocol/config.ts';
import type { RunPlan } from '../sim/plan.ts';
import type { Palette } from './colours.ts';
import { displayWidth, pad, printable, wrap } from './display-width.ts';

/** The head of a report: which story, which seed, which ensemble. */
export function headText(
  plan: RunPlan,
  scenario: string,
  seed: string,
  width: number,
  palette: Palette,
): string[] {
  const title = scenario === plan.name ? scenario : `${scenario}: ${plan.name}`;
  const { ensemble } = plan;
  return [
    ...wrap(title, width).map(palette.strong),
    ...(plan.description.trim() === '' ? [] : wrap(plan.description, width)),
    ...wrap(`seed ${printable(seed)} · ${settings(ensemble)}${release(plan)}`, width).map(palette.faint),
    ...wrap(`servers: ${ensemble.servers.map((each) => server(each, plan)).join(' · ')}`, width).map(
      palette.faint,
    ),
    ...groups(ensemble).flatMap((line) => wrap(line, width).map(palette.faint)),
  ];
}

/** What the seed has drawn of the plan, a line each. */
export function drawnText(
  drawn: readonly (readonly [name: string, text: string])[],
  width: number,
  palette: Palette,
): string[] {
  if (drawn.length === 0) return [];
  const nameWidth = Math.max(...drawn.map(([name]) => displayWidth(name)));
  const lines = drawn.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(printable(text), width - nameWidth - 4);
    const rest = more.map((line) => ' '.repeat(nameWidth + 4) + line);
    return [`  ${pad(name, nameWidth)}  ${first}`, ...rest];
  });
  return [palette.strong('Drawn from the seed'), ...lines, ''];
}

const settings = ({ tickTime, initLimit, syncLimit }: EnsembleConfig): string =>
  `zoo.cfg: tickTime ${String(tickTime)} · initLimit ${String(initLimit)} · syncLimit ${String(syncLimit)}`;

/** Nothing of the default. */
const release = (plan: RunPlan): string =>
  plan.release === undefined ? '' : ` · release ${printable(plan.release)}`;

function server({ sid, host, learnerType }: ServerSpec, { serverReleases = [] }: RunPlan): string {
  const own = serverReleases.find((other) => other.sid === sid);
  const more = [
    ...(learnerType === 'OBSERVER' ? ['observer'] : []),
    ...(own === undefined ? [] : [own.release]),
  ];
  return `${host} (${[String(sid), ...more].join(', ')})`;
}

/** Hierarchical quorums, as zoo.cfg writes them: `group.1=1:2:3 · weight.1=2`. */
function groups({ groups: members, weights }: EnsembleConfig): string[] {
  if (members === undefined) return [];
  const lines = [...members].map(([id, sids]) => `group.${String(id)}=${sids.join(':')}`);
  const weighted = [...(weights ?? [])].map(([sid, weight]) => `weight.${String(sid)}=${String(weight)}`);
  return [`quorums: ${[...lines, ...weighted].join(' · ')}`];
}
