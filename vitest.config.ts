import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 120_000,
    pool: 'threads',
    // Nobody waits for anything else meanwhile: on two cores the default leaves one idle.
    maxWorkers: '100%',
  },
});
