import { writeFileSync } from 'node:fs';
import { DISK, joinPath, libraryFolder } from './files.ts';
import { scenarioJsonSchema } from './schema/scenario.ts';

/**
 * Writes scenario.schema.json anew: `npm run build && node dist/scenarios/write-json-schema.js`. A test says when it
 * is due.
 */
writeFileSync(joinPath(libraryFolder(DISK), 'scenario.schema.json'), scenarioJsonSchema());
