const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

/**
 * A real worker's process, as it was built, and real runs; but some of them have a leader with a defect, from the first time on that it
 * tells a learner that it is up to date: in run 1 it never comes to an end, in run 2 it keeps all it can get, in run 3 it throws.
 */
let run = -1;
const hoard = [];
function misbehave() {
  if (run === 1) for (;;);
  if (run === 2) for (;;) hoard.push(new Array(100_000).fill(run));
  if (run === 3) throw new Error('planted');
}

const { LearnerHandler } = await built('protocol/leader/learner-handler.js');
process.on('message', (job) => {
  run = job.lot?.index ?? -1;
});
const { queuePacket } = LearnerHandler.prototype;
LearnerHandler.prototype.queuePacket = function (packet) {
  if (packet.type === 'UPTODATE') misbehave();
  return queuePacket.call(this, packet);
};

// It listens to the same messages, and only after the listener above.
await built('sim/cli/fuzz/worker-process.js');
