import { Option, type Command } from 'commander';
import type { CommandLineDeps } from '../deps.ts';
import type { ExitStatus } from '../exit-status.ts';
import type { MergeOptions } from './merge.ts';
import { positive, runNumber, shard, time, type FuzzOptions } from './options.ts';

const FAILURES = '.zabsim/failures';

/** `zabsim fuzz` and `zabsim merge`, as the command line knows them. What they are made of is loaded when it is asked for. */
export function addFuzz(program: Command, deps: CommandLineDeps, onEnd: (status: ExitStatus) => void): void {
  program
    .command('fuzz')
    .description('run many plans that nobody wrote; shrink what breaks a promise and write it to a file')
    .addOption(
      new Option('--runs <n>', 'so many runs; 1000 where nothing is said')
        .argParser(positive)
        .conflicts('time'),
    )
    .addOption(new Option('--time <time>', 'as many runs as can be begun in this time: 10m').argParser(time))
    .option('--seed <text>', 'any text; ZABSIM_SEED where not given, else drawn')
    .addOption(
      new Option('--only <n>', 'only the run of this number, from 0')
        .argParser(runNumber)
        .conflicts(['runs', 'time', 'shard', 'resume', 'journal']),
    )
    .option('--jobs <n>', 'workers, each on a core of its own; as many as there are cores', positive)
    .option('--shard <i/n>', "one machine's part of the campaign; see merge", shard)
    .option('--profile <name>', "what runs are like: a name, or one's own in a .yaml file; else default")
    .option(
      '--strategy <name>',
      'how runs are chosen: random (the default), guided by those before them, or with priorities',
    )
    .option(
      '--release <version>',
      'a version of ZooKeeper (3.4.13), or issues whose behaviour alone is wanted',
    )
    .option('--json', 'print one JSON object at the end and nothing else')
    .option('--junit <file>', 'also write a JUnit report')
    .option('--failures <folder>', 'where failures are written to, and tried again first', FAILURES)
    .option('--journal <file>', 'what --resume reads; else .zabsim/campaign.jsonl, or that of the shard')
    .option('--resume', 'go on with the campaign of the journal; with --runs, for more runs than it had')
    .addOption(timeOption('--shrink-time <time>', 'to make a failure smaller', '60s'))
    .addOption(timeOption('--run-timeout <time>', 'after which a run counts as hung', '60s'))
    .option('--run-memory <MiB>', 'of heap, above which a run counts as out of memory', positive, 1024)
    .action(async (options: FuzzOptions) => {
      const { fuzz } = await import('./fuzz.ts');
      onEnd(await fuzz(deps, options));
    });
  program
    .command('merge')
    .description('add up the JSON reports of all shards of a campaign, as if they had been one')
    .argument('<file...>', 'what `zabsim fuzz --shard I/N --json` printed, one file a shard')
    .option('--json', 'print one JSON object and nothing else')
    .option('--junit <file>', 'also write a JUnit report')
    .action(async (files: string[], options: MergeOptions) => {
      const { mergeReports } = await import('./merge.ts');
      onEnd(mergeReports(deps, files, options));
    });
}

const timeOption = (flags: string, description: string, usual: string): Option =>
  new Option(flags, description).argParser(time).default(time(usual), usual);
