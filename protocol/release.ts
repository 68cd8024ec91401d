/**
 * What differs between releases of ZooKeeper, by the behaviour's name (design: correct by default, wrong on request). Protocol code
 * asks at the one place where it matters.
 */
export interface Release {
  /** A create2 inside a multi is answered like a create: path only, no Stat. 3.8.0 and 3.8.1. */
  readonly create2InMultiAnswersCreate: boolean;
}

/** The newest release, with its known open defects repaired. */
export const DEFAULT_RELEASE: Release = {
  create2InMultiAnswersCreate: false,
};
