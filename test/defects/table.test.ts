import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/loader.ts';
import { PROMISES } from '../../sim/checkers/promise-names.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { PLANTED } from '../support/planted/index.ts';
import { brokenOnes, runPlanted, SEEDS } from '../support/planted/planted.ts';

/**
 * The table of the checkers' README: which defect turns which checker red. `npm run defects` writes it anew.
 */
const README = 'sim/checkers/README.md';
const MUSEUM = 'scenarios/history';
const [BEGIN, END] = ['<!-- defects: npm run defects -->', '<!-- end of defects -->'];

interface Row {
  readonly name: string;
  readonly red: ReadonlySet<string>;
}

const plantedRows = (): readonly Row[] =>
  PLANTED.map((defect) => ({ name: defect.name, red: new Set(brokenOnes(runPlanted(defect, SEEDS.table))) }));

const museumRows = (): readonly Row[] =>
  readdirSync(MUSEUM)
    .filter((file) => file.endsWith('.yaml'))
    .sort(byIssue)
    .map((file) => museumRow(join(MUSEUM, file)));

function museumRow(file: string): Row {
  const loaded = loadScenario(file);
  if (!loaded.ok) throw new Error(`${file}: ${JSON.stringify(loaded.problems)}`);
  const { plan } = loaded;
  if (plan.history === undefined) throw new Error(`${file} does not say which defect it shows`);
  const { issue, title } = plan.history;
  const { promises } = runSimulation({ ...plan, release: issue }, SEEDS.table);
  return { name: `${issue}: ${title}`, red: new Set(brokenOnes(promises)) };
}

/** By project, then by number. */
const byIssue = (a: string, b: string): number =>
  Number(a.startsWith('ZABSIM')) - Number(b.startsWith('ZABSIM')) || numberOf(a) - numberOf(b);
const numberOf = (file: string): number => Number(/\d+/.exec(file)?.[0]);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const tableOf = (rows: readonly Row[]): string =>
  [
    line(['defect', ...PROMISES.map((_, column) => String(column + 1))]),
    line(['---', ...PROMISES.map(() => ':-:')]),
    ...rows.map(({ name, red }) => line([name, ...PROMISES.map((promise) => (red.has(promise) ? '●' : ''))])),
  ].join('\n');

describe('the table of defects and checkers', () => {
  let planted: readonly Row[] = [];
  let museum: readonly Row[] = [];

  beforeAll(() => {
    planted = plantedRows();
    museum = museumRows();
  }, 120_000);

  it('is up to date (else: npm run defects)', async () => {
    const readme = readFileSync(README, 'utf8');
    const [head = '', rest = ''] = readme.split(BEGIN);
    const [, tail = ''] = rest.split(END);
    const due = [head, BEGIN, '\n\n', tableOf([...planted, ...museum]), '\n\n', END, tail].join('');
    const options = { ...(await prettier.resolveConfig(README)), filepath: README };
    await expect(await prettier.format(due, options)).toMatchFileSnapshot(join('../..', README));
  });

  it('has each planted defect at the promise that it breaks', () => {
    const missing = PLANTED.filter(({ breaks }, index) => planted[index]?.red.has(breaks) !== true);
    expect(missing.map(({ name, breaks }) => `${name}: ${breaks}`)).toEqual([]);
  });

  it('has no defect that nobody sees', () => {
    const unseen = [...planted, ...museum].filter(({ red }) => red.size === 0);
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });

  it('has no checker that sees nothing', () => {
    const blind = PROMISES.filter((promise) => ![...planted, ...museum].some(({ red }) => red.has(promise)));
    expect(blind).toEqual([]);
  });
});
