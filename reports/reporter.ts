import type { RunResult } from '../sim/result.ts';
import { Campaign } from './campaign.ts';
import { usableWidth } from './layout.ts';
import { runJson } from './json.ts';
import { junitXml } from './junit.ts';
import { reproduceCommand } from './reproduce.ts';
import { isGreen, type RunRecord, type UnfinishedRun } from './run-record.ts';
import { interruptedText, runText, type TextStyle } from './terminal.ts';
import { BROKEN } from './verdict-text.ts';

/** Takes runs as they end and writes what its format makes of them: to the terminal, or to a file of `--report`. */
export interface Reporter {
  /** `seeds`: as asked for. With `runs` above one they are summed up and only red runs are shown whole. */
  beginScenario?(scenario: string, seeds: string, runs: number): void;
  onRun(record: RunRecord): void;
  onInterrupted?(run: UnfinishedRun): void;
  endScenario?(): void;
  end?(): void;
}

export type Write = (text: string) => void;

/** Red runs of one campaign that are shown whole; a thousand pages help nobody. */
const RED_RUNS_SHOWN = 3;

export class TextReporter implements Reporter {
  readonly #write: Write;
  readonly #style: TextStyle;
  #campaign: Campaign | undefined;
  #isFirst = true;

  constructor(write: Write, style: TextStyle) {
    this.#write = write;
    this.#style = style;
  }

  beginScenario(scenario: string, seeds: string, runs: number): void {
    this.#campaign = runs > 1 ? new Campaign(scenario, seeds, runs) : undefined;
  }

  onRun(record: RunRecord): void {
    const campaign = this.#campaign;
    campaign?.count(record.result);
    if (campaign === undefined) this.#page(runText(record, this.#style));
    else if (!isGreen(record.result)) this.#onRedRun(record, campaign.redRuns);
  }

  onInterrupted(run: UnfinishedRun): void {
    if (this.#campaign === undefined) this.#page(interruptedText(run, this.#style));
  }

  endScenario(): void {
    const { columns, palette } = this.#style;
    if (this.#campaign !== undefined)
      this.#page(`${this.#campaign.summary(usableWidth(columns), palette).join('\n')}\n`);
  }

  #onRedRun(record: RunRecord, count: number): void {
    if (count <= RED_RUNS_SHOWN) return this.#page(runText(record, this.#style));
    const { result } = record;
    this.#page(`${this.#style.palette.bad(`${BROKEN} ${result.verdict}`)}  ${reproduceCommand(result)}\n`);
  }

  /** Pages are set apart by an empty line. */
  #page(text: string): void {
    this.#write(this.#isFirst ? text : `\n${text}`);
    this.#isFirst = false;
  }
}

/** One object a run, one a line, nothing else. */
export class JsonReporter implements Reporter {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  onRun({ result, drawn }: RunRecord): void {
    this.#write(runJson(result, drawn));
  }
}

/** One document, written at the end. */
export class JunitReporter implements Reporter {
  readonly #write: Write;
  readonly #results: RunResult[] = [];

  constructor(write: Write) {
    this.#write = write;
  }

  onRun({ result }: RunRecord): void {
    this.#results.push(result);
  }

  end(): void {
    this.#write(junitXml(this.#results));
  }
}
