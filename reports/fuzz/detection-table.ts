import { assert } from '../../protocol/assert.ts';
import { PROFILE, PROFILES, type Profile, type ProfileName } from '../../sim/fuzz/arbitrary/profiles.ts';
import { STRATEGIES } from '../../sim/fuzz/search/strategies.ts';
import { QUESTS, type Quest } from '../../sim/fuzz/detection/quests.ts';
import {
  BASES,
  capOf,
  foundIn,
  medianOf,
  sizeOf,
  type Detections,
  type Results,
} from '../../sim/fuzz/detection/results.ts';
import { grouped } from '../numbers.ts';

/** In Markdown: what runs are like, and what was measured, a line for each defect. `promises`: what each breaks. */
export function detectionTables(results: Results, promises: ReadonlyMap<string, string>): string {
  const profiles = PROFILES.filter((name) => QUESTS.some(({ profile }) => profile === name));
  const budgets = markdown([
    ['profile', 'servers', 'story', 'clients', 'requests of each', 'timed actions', 'every run has one of'],
    ...profiles.map(budget),
  ]);
  const detections = markdown([
    ['defect', 'promise', 'profile', ...STRATEGIES, 'published', 'target'],
    ...QUESTS.map((quest) => row(quest, results, promises)),
  ]);
  return `${budgets}\n\n${detections}`;
}

function budget(name: ProfileName): readonly string[] {
  const { participants, observers, seconds, clients, requests, actions, core } = PROFILE[name];
  const servers = mostly(participants);
  const watching =
    observers.length > 1 ? `, at times ${Math.max(...observers.map(([, count]) => count))} more` : '';
  return [
    name,
    `${servers}${watching}`,
    `${seconds.join(' to ')} s`,
    `1 to ${clients}`,
    requests.join(' to '),
    `up to ${actions}`,
    Object.keys(core).join(', '),
  ];
}

/** `3 in 12 of 21 runs, else 1 to 5`. */
function mostly(weights: Profile['participants']): string {
  const [[weight, first] = [0, 0]] = weights;
  const all = weights.reduce((sum, [one]) => sum + one, 0);
  const counts = weights.map(([, count]) => count);
  return `${first} in ${weight} of ${all} runs, else ${Math.min(...counts)} to ${Math.max(...counts)}`;
}

function row(quest: Quest, results: Results, promises: ReadonlyMap<string, string>): readonly string[] {
  const { issue, profile, but, published = '', target } = quest;
  const medians = STRATEGIES.map((strategy) => cell(results[issue]?.[strategy] ?? {}));
  return [
    issue,
    promises.get(issue) ?? '?',
    but === undefined ? profile : `${profile}, ${but.text}`,
    ...medians,
    published,
    target === undefined ? '' : grouped(target),
  ];
}

/** The median, or what it is above; and how many base seeds found it where not all did. */
function cell(detections: Detections): string {
  const [found, size] = [foundIn(detections), sizeOf(detections)];
  if (size === 0) return '';
  const median = medianOf(detections);
  const text = median === undefined ? `> ${grouped(capOf(detections))}` : grouped(median);
  return found === BASES ? text : `${text} (${found} of ${size})`;
}

/** Columns as wide as their widest cell. */
function markdown(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const [BEGIN, END] = ['<!-- detection: npm run detection -->', '<!-- end of detection -->'];

/** The README with this table in the place of the one that it has. */
export function inReadme(readme: string, table: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  assert(from >= 0 && to > from, 'the README has a place for the table');
  return `${readme.slice(0, from + BEGIN.length)}\n\n${table}\n\n${readme.slice(to)}`;
}
