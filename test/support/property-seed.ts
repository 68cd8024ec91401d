import fc from 'fast-check';

/**
 * `npm test` does the same on every machine: its properties are tried with this seed. `npm run properties` (vitest's
 * mode `fresh`) tries other values each time; what fails then prints the seed and path that bring it back.
 */
const SEED = 1;

if (process.env.MODE !== 'fresh') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
