import { Chalk, supportsColor, supportsColorStderr, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Lane } from './timeline-rows.ts';

/**
 * Colour for people, decided in this one file. chalk looks at FORCE_COLOR and at the terminal, not at NO_COLOR: the level is therefore
 * worked out here. Colour only ever repeats what a mark or a word already says.
 */
export interface Palette {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly lane: Readonly<Record<Lane, (text: string) => string>>;
  /** A line that announces a fault. */
  readonly fault: (text: string) => string;
  /** A line during which some fault lasts. */
  readonly shaded: (text: string) => string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What chalk found the terminal behind each stream to be able to show, 0 to 3. */
export const detectedLevels = {
  stdout: supportsColor === false ? 0 : supportsColor.level,
  stderr: supportsColorStderr === false ? 0 : supportsColorStderr.level,
} as const;

/** FORCE_COLOR beats NO_COLOR (no-color.org: set and not empty) beats the terminal; what is piped stays plain. */
export function colourLevel(env: Environment, isTty: boolean, detected: number): ColorSupportLevel {
  const forced = forcedLevel(env.FORCE_COLOR);
  if (forced !== undefined) return forced;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 0;
  return isTty ? asLevel(detected) : 0;
}

export function createPalette(level: ColorSupportLevel): Palette {
  const chalk = new Chalk({ level });
  return {
    strong: only(chalk.bold),
    faint: only(chalk.dim),
    good: only(chalk.green),
    bad: only(chalk.red.bold),
    warning: only(chalk.yellow),
    lane: {
      LEADING: only(chalk.green.bold),
      FOLLOWING: only(chalk.cyan),
      OBSERVING: only(chalk.blue),
      LOOKING: only(chalk.yellow),
      DOWN: only(chalk.red.dim),
      PAUSED: only(chalk.magenta),
    },
    fault: only(chalk.red.bold),
    // 16 colours have no grey that leaves all the others legible: there the bar at the margin has to do.
    shaded: level >= 2 ? only(chalk.bgAnsi256(236)) : (text): string => text,
  };
}

/** chalk joins all its arguments, so that `lines.map(chalk.bold)` would print the index too. */
const only =
  (paint: ChalkInstance): ((text: string) => string) =>
  (text) =>
    paint(text);

export const PLAIN: Palette = createPalette(0);

function forcedLevel(value: string | undefined): ColorSupportLevel | undefined {
  if (value === undefined) return undefined;
  if (value === '' || value === 'true') return 1;
  if (value === 'false') return 0;
  const level = Number.parseInt(value, 10);
  return Number.isNaN(level) ? undefined : asLevel(level);
}

function asLevel(level: number): ColorSupportLevel {
  if (level <= 0) return 0;
  if (level === 1 || level === 2) return level;
  return 3;
}
