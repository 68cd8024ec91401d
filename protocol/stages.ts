import type { ServerHost, Stage } from './host.ts';

/** Which code runs when a stage gets its turn. A stage whose owner is gone does nothing. */
export class Stages {
  readonly #host: ServerHost;
  readonly #steps = new Map<Stage, () => void>();

  constructor(host: ServerHost) {
    this.#host = host;
  }

  register(stage: Stage, step: () => void): void {
    this.#steps.set(stage, step);
  }

  unregister(stage: Stage): void {
    this.#steps.delete(stage);
  }

  wake(stage: Stage): void {
    this.#host.wake(stage);
  }

  onStage(stage: Stage): void {
    this.#steps.get(stage)?.();
  }
}
