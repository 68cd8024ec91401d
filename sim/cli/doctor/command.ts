import { type Command, InvalidArgumentError } from 'commander';
import type { CommandLineDeps } from '../deps.ts';
import type { ExitStatus } from '../exit-status.ts';
import { explain, type WhyOptions } from '../why.ts';
import { examine, type DoctorOptions } from './doctor.ts';

const SCENARIO = "a failure file, a scenario's file, or the name of one of the library's";
const RELEASE = 'a version of ZooKeeper (3.4.13), or issues whose behaviour alone is wanted';

/** `zabsim doctor` and `zabsim why`, which look into one run. */
export function addDoctorAndWhy(
  program: Command,
  deps: CommandLineDeps,
  onEnd: (status: ExitStatus) => void,
): void {
  program
    .command('doctor')
    .description('is a run the same every time and on every Node? If not: where the runs part, and why')
    .argument('<scenario>', SCENARIO)
    .option('--seed <text>', 'any text; else what the failure file recorded, or ZABSIM_SEED')
    .option('--runs <n>', 'how many there are to be the same', atLeast(2), 2)
    .option('--release <version>', RELEASE)
    .option(
      '--node <command>',
      'another Node; may be given again. Else each node20, node22 … of PATH',
      (word: string, before: readonly string[] | undefined) => [...(before ?? []), word],
    )
    .action(async (name: string, options: DoctorOptions) => onEnd(await examine(deps, name, options)));
  program
    .command('why')
    .description('when did it become likely that a run would fail, and what made it so?')
    .argument('<scenario>', SCENARIO)
    .option('--seed <text>', 'any text; else what the failure file recorded, or ZABSIM_SEED')
    .option('--futures <n>', 'how many are drawn from each moment', atLeast(5), 40)
    .option('--release <version>', RELEASE)
    .option('--json', 'print one JSON object and nothing else')
    .action(async (name: string, options: WhyOptions) => onEnd(await explain(deps, name, options)));
}

const atLeast = (least: number) => (text: string) => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least))
    throw new InvalidArgumentError(`Expected a whole number, at least ${String(least)}.`);
  return value;
};
