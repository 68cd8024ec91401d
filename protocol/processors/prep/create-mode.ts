/** CreateMode.fromFlag. Left out: containers and TTL nodes, whose flags (4 to 6) are refused like any unknown one. */
export interface CreateMode {
  readonly isEphemeral: boolean;
  readonly isSequential: boolean;
}

const MODES: readonly CreateMode[] = [
  { isEphemeral: false, isSequential: false },
  { isEphemeral: true, isSequential: false },
  { isEphemeral: false, isSequential: true },
  { isEphemeral: true, isSequential: true },
];

/** Undefined: no such mode. */
export const createModeOf = (flags: number): CreateMode | undefined => MODES[flags];
