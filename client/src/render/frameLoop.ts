/** Draws at most once per animation frame, and only when somebody asked for it. */

const SAMPLES = 240;

export interface FrameStats {
  readonly frames: number;
  /** How long the drawing of a frame took, in milliseconds. */
  readonly medianMs: number;
  readonly p95Ms: number;
}

export class FrameLoop {
  private readonly draw: () => void;
  private scheduled = false;
  private frames = 0;
  private readonly durations: number[] = [];

  constructor(draw: () => void) {
    this.draw = draw;
  }

  invalidate(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => this.frame());
  }

  stats(): FrameStats {
    const sorted = [...this.durations].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { frames: this.frames, medianMs: at(0.5), p95Ms: at(0.95) };
  }

  private frame(): void {
    this.scheduled = false;
    const start = performance.now();
    this.draw();
    this.durations[this.frames++ % SAMPLES] = performance.now() - start;
  }
}
