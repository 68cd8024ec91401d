import type { CommandLineDeps } from '../deps.ts';
import { ExitStatus } from '../exit-status.ts';
import { firstDifferentLine } from './lines.ts';

/** What has to be said to another process. */
export interface NodeRun {
  readonly argument: string;
  readonly seed: string;
  readonly release: string | undefined;
}

/** Node, as often as it is on this machine. */
export interface Nodes {
  /** Commands of those that are there, the running one first. */
  find(): readonly string[];
  /** What `command --version` says, without the v; undefined: it is no Node. */
  versionOf(command: string): string | undefined;
  /** Every event of a run, one a line, in a process of its own. */
  eventsOn(command: string, run: NodeRun): AsyncIterable<string>;
}

/** The run in a process of each Node, event by event beside that of the running one. */
export async function examineNodes(
  deps: CommandLineDeps,
  run: NodeRun,
  asked: readonly string[] | undefined,
): Promise<ExitStatus> {
  const nodes = await deps.nodes();
  const [own = 'node', ...found] = nodes.find();
  // The running one too: what hangs on the process differs there already.
  for (const command of [own, ...(asked ?? found)]) {
    const version = nodes.versionOf(command);
    if (version === undefined) {
      deps.stderr.write(`${command} is no Node that can be run\n`);
      return ExitStatus.USAGE;
    }
    const different = await firstDifferentLine(nodes.eventsOn(own, run), nodes.eventsOn(command, run));
    if (different === undefined) {
      deps.stdout.write(`The same in other processes, on Node ${version}.\n`);
      continue;
    }
    const { index, first = 'nothing more', second = 'nothing more' } = different;
    deps.stdout.write(
      `Two processes are not the same, a defect of Zabsim: event ${String(index + 1)} is\n` +
        `  on Node ${nodes.versionOf(own) ?? own}: ${first}\n  on Node ${version}: ${second}\n`,
    );
    return ExitStatus.OWN_BUG;
  }
  return ExitStatus.GREEN;
}
