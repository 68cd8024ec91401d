import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { REPORT_FORMATS, parseReportFile, type ReportFile } from '../../reports/report-files.ts';
import { checkScenarios } from './check.ts';
import type { CommandLineDeps } from './deps.ts';
import { addDoctorAndWhy } from './doctor/command.ts';
import { BadInput, OwnBug, UsageError, ownBugText, problemText } from './errors.ts';
import { ExitStatus } from './exit-status.ts';
import { addFuzz } from './fuzz/command.ts';
import { showHistory, type HistoryOptions } from './history/history.ts';
import { listScenarios } from './list.ts';
import { replayScenario } from './replay.ts';
import { runScenarios, type RunOptions } from './run.ts';
import { parseSeedRange, type Seeds } from './seeds.ts';

/** The command line: what can be said on it, and what the shell is told in the end. */
export async function runCommandLine(deps: CommandLineDeps, words: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = ExitStatus.GREEN;
  const program = createProgram(deps, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return reportError(error, deps);
  }
}

/** `onEnd` gets the exit status of the command that ran. Mistakes are thrown, never answered by leaving the process. */
export function createProgram(deps: CommandLineDeps, onEnd: (status: ExitStatus) => void): Command {
  const program = new Command('zabsim')
    .description(
      'A deterministic simulator of an Apache ZooKeeper ensemble: one seed, one run, every promise checked.',
    )
    .version(deps.version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', EXIT_STATUSES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
    });
  addRun(program, deps, onEnd);
  addReplay(program, deps, onEnd);
  addFuzz(program, deps, onEnd);
  addDoctorAndWhy(program, deps, onEnd);
  program
    .command('check')
    .description('read scenarios and say what is wrong with them; run nothing')
    .argument('<scenario...>', SCENARIO)
    .action(async (names: string[]) => onEnd(await checkScenarios(deps, names)));
  program
    .command('list')
    .description("list the library's scenarios")
    .action(async () => onEnd(await listScenarios(deps)));
  addHistory(program, deps, onEnd);
  return program;
}

const SCENARIO = "a file, or the name of one of the library's";

const EXIT_STATUSES = `
Exit status:
  0    every promise kept, every expectation met
  1    a promise broken, or an expectation missed
  2    wrong usage, or a scenario that can't be read
  3    a replay did not reproduce what was recorded
  70   Zabsim failed an assertion of its own
  130  interrupted; what was found so far is printed first`;

function addRun(program: Command, deps: CommandLineDeps, onEnd: (status: ExitStatus) => void): void {
  const command = program
    .command('run')
    .description('run scenarios and check every promise of ZooKeeper')
    .argument('[scenario...]', SCENARIO);
  addRunOptions(command)
    .option('--swarm', 'no scenario: the seed draws ensemble, network, clients and faults')
    .option('--save <file>', 'with --swarm: also write what was drawn as a scenario file')
    .addOption(
      new Option('--seeds <first..last>', 'run each of these seeds').argParser(seedRange).conflicts('seed'),
    )
    .action(async (names: string[], options: RunOptions) => onEnd(await runScenarios(deps, names, options)));
}

function addReplay(program: Command, deps: CommandLineDeps, onEnd: (status: ExitStatus) => void): void {
  const command = program
    .command('replay')
    .description(
      'run a failure file again and hold it against what it recorded, or a scenario with the seed of an earlier run',
    )
    .argument('<scenario>', "a failure file, a scenario file, or the name of one of the library's");
  addRunOptions(command).action(async (name: string, options: RunOptions) =>
    onEnd(await replayScenario(deps, name, options)),
  );
}

function addHistory(program: Command, deps: CommandLineDeps, onEnd: (status: ExitStatus) => void): void {
  program
    .command('history')
    .description('show defects of older releases: list them, or run one with the defect and without')
    .argument('[issue]', 'ZOOKEEPER-1419, or its number')
    .option('--seed <text>', 'any text; ZABSIM_SEED where not given, else 1')
    .option('--release <version>', 'only those that this version of ZooKeeper has')
    .option('--check', 'run all on both sides and say whether each is red and green as told')
    .addOption(
      new Option('--seeds <first..last>', 'with --check: each of these seeds')
        .argParser(seedRange)
        .conflicts('seed'),
    )
    .option('--json', 'print one JSON array and nothing else')
    .action(async (issue: string | undefined, options: HistoryOptions) =>
      onEnd(await showHistory(deps, issue, options)),
    );
}

const addRunOptions = (command: Command): Command =>
  command
    .option('--seed <text>', 'any text; ZABSIM_SEED where not given, else drawn')
    .option('--json', 'print one JSON object a run, one a line, and nothing else')
    .option(
      '--report <format=file>',
      `also write a report to a file (${REPORT_FORMATS.join(', ')}); may be given again`,
      reportFile,
    )
    .option(
      '--release <version>',
      'a version of ZooKeeper (3.4.13), or issues whose behaviour alone is wanted',
    )
    .option('--trace', 'print every event of the run');

function seedRange(text: string): Seeds {
  const seeds = parseSeedRange(text);
  if (seeds === undefined) throw new InvalidArgumentError('Expected FIRST..LAST, such as 1..500.');
  return seeds;
}

function reportFile(text: string, before: readonly ReportFile[] = []): readonly ReportFile[] {
  const report = parseReportFile(text);
  if (report === undefined)
    throw new InvalidArgumentError(`Expected FORMAT=FILE, FORMAT one of ${REPORT_FORMATS.join(', ')}.`);
  return [...before, report];
}

function reportError(error: unknown, deps: CommandLineDeps): ExitStatus {
  // Commander has written its own message. Help and version were asked for; all else is a mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.GREEN : ExitStatus.USAGE;
  if (error instanceof UsageError) {
    deps.stderr.write(`error: ${error.message}\n`);
    return ExitStatus.USAGE;
  }
  if (error instanceof BadInput) {
    for (const problem of error.problems) deps.stderr.write(problemText(problem, 'error'));
    return ExitStatus.USAGE;
  }
  const bug = error instanceof OwnBug ? error : new OwnBug(error);
  deps.stderr.write(ownBugText(bug, deps.version));
  return ExitStatus.OWN_BUG;
}
