import { z } from 'zod';
import { releaseNamed } from '../../protocol/release/release.ts';
import { expectedRelease } from '../expected-release.ts';

/** A version of ZooKeeper, or issues whose behaviour alone is wanted. */
export const release = z
  .string({ error: 'a version such as 3.4.13, or an issue such as ZOOKEEPER-1419' })
  .superRefine((text, context) => {
    const found = releaseNamed(text);
    if ('unknown' in found) context.addIssue({ code: 'custom', message: expectedRelease(found.unknown) });
  })
  .meta({ id: 'release' });
