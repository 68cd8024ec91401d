/** What the shell is told. Scripts rely on it. */
export const ExitStatus = {
  /** Every promise kept and every expectation met. */
  GREEN: 0,
  /** A promise broken or an expectation missed. */
  RED: 1,
  /** Wrong usage, or a scenario or configuration that can't be read. */
  USAGE: 2,
  /** A replay did not reproduce what was recorded. */
  NOT_REPRODUCED: 3,
  /** Zabsim's own assertion failed. */
  OWN_BUG: 70,
  INTERRUPTED: 130,
} as const;

export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];
