/** A worker's process that comes to grief over some runs: 1 never ends, 2 eats memory, 3 throws, 4 ends the process. */
const hoard = [];

process.on('message', ({ lot: { index, seed } }) => {
  if (index === 1) for (;;);
  if (index === 2) for (;;) hoard.push(new Array(1_000_000).fill(index));
  if (index === 3) throw new Error('planted');
  if (index === 4) process.exit(7);
  process.send({ result: { index, seed, kind: 'kept', broken: [], coverage: {}, events: 1, virtualMs: 1, wallMs: 1 } });
});
process.send({ result: undefined });
