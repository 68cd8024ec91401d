/** package.json's version: part of what determines a run. A test holds the two together. */
export const VERSION = '0.1.0';
