/**
 * What differs between releases of ZooKeeper, by the behaviour's name (design: correct by default, wrong on request). Protocol code
 * asks at the one place where it matters.
 */
export interface Release {
  /** A create2 inside a multi is answered like a create: path only, no Stat. 3.8.0 and 3.8.1. */
  readonly create2InMultiAnswersCreate: boolean;
  /**
   * A create with unknown flags inside a multi fails as an operation, BADARGUMENTS, when its turn comes; the other releases can't
   * decode such a multi and answer MARSHALLINGERROR. 3.8.0 and 3.8.1.
   */
  readonly unknownFlagsInMultiFailTheOperation: boolean;
  /** Everybody may ask whether a node exists, and gets its Stat: the right to read it isn't looked at. Until 3.8.3, and 3.9.0 and 3.9.1. */
  readonly existsIgnoresAcl: boolean;
}

/** The newest release, with its known open defects repaired. */
export const DEFAULT_RELEASE: Release = {
  create2InMultiAnswersCreate: false,
  unknownFlagsInMultiFailTheOperation: false,
  existsIgnoresAcl: false,
};
