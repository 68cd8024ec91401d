import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { reproduceCommand } from '../../../reports/reproduce.ts';
import type { Trouble } from '../../fuzz/campaign.ts';
import type { RunPlan } from '../../plan.ts';
import type { CommandLineDeps } from '../deps.ts';
import { freePath } from './failure-files.ts';

const NAMES = { threw: 'threw', hung: 'hung', outOfMemory: 'out-of-memory' } as const;
const WHAT = {
  threw: "failed an assertion of Zabsim's own",
  hung: 'did not end',
  outOfMemory: 'took too much memory',
};

/** The plans of runs that gave no verdict. One that can't be written costs the file, not the campaign. */
export class TroubleFiles {
  readonly #deps: CommandLineDeps;
  readonly #folder: string;
  readonly #files = new Map<number, string>();

  /** `failures`: the folder of those. */
  constructor(deps: CommandLineDeps, failures: string) {
    this.#deps = deps;
    this.#folder = join(dirname(failures), 'troubles');
  }

  fileOf({ index }: Trouble): string | undefined {
    return this.#files.get(index);
  }

  async save(trouble: Trouble, drawn: RunPlan): Promise<void> {
    try {
      this.#files.set(trouble.index, await saveTrouble(this.#deps, this.#folder, trouble, drawn));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#deps.stderr.write(`cannot save the plan of run ${trouble.seed}: ${why}\n`);
    }
  }
}

/**
 * Writes the plan of a run that gave no verdict as a scenario file, `FOLDER/<hash>-<kind>.yaml`: it was drawn by a campaign that had learnt from
 * other runs, so its number alone would not bring it back.
 */
async function saveTrouble(
  deps: CommandLineDeps,
  folder: string,
  trouble: Trouble,
  drawn: RunPlan,
): Promise<string> {
  const { writeScenario } = await deps.scenarios();
  const { kind, seed, error = 'nothing is known of why' } = trouble;
  const name = NAMES[kind];
  const plan = { ...drawn, name, description: `A run of the fuzzer's that ${WHAT[kind]}.` };
  const hash = createHash('sha256').update(writeScenario(plan, '')).digest('hex');
  const path = freePath(deps, folder, name, hash);
  const header = [
    `Found by the fuzzer: a run that ${WHAT[kind]}. This is a defect of Zabsim, not of ZooKeeper.`,
    `  ${error}`,
    '',
    `Again:                ${reproduceCommand({ scenario: path, seed })}`,
    `Hash of what follows: ${hash}`,
  ].join('\n');
  deps.files.write(path, writeScenario(plan, header));
  return path;
}
