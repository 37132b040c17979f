/**
 * `window.pixels`: a small read-only view of the client for tests in a real browser. It changes nothing.
 * Documented in client/README.md.
 */

import { cellAt } from "./model/canvas";
import type { Mode } from "./model/syncTypes";
import { toScreen } from "./model/viewport";
import type { PixelsClient } from "./store/client";

export interface PixelsHook {
  /** Sequence number of the confirmed canvas. */
  seq(): number;
  /** Checksum of the confirmed canvas. */
  checksum(): number;
  mode(): Mode;
  /** Placements that the confirmed canvas does not hold yet. */
  pendingCount(): number;
  /** Displayed colour, pending placements included; null outside the canvas. */
  colorAt(x: number, y: number): number | null;
  confirmedColorAt(x: number, y: number): number | null;
  /** How often the bitmap was fetched again because the stream could not go on. */
  reloads(): number;
  /** Client coordinates of a cell's centre. */
  screenPoint(x: number, y: number): { x: number; y: number };
  stats(): Record<string, number | null>;
}

declare global {
  interface Window {
    pixels?: PixelsHook;
  }
}

export function installTestHook(client: PixelsClient): void {
  const { machine, controller, loop } = client;
  const { board, counters } = machine;
  const lookUp = (x: number, y: number, color: (cell: number) => number) => {
    const cell = cellAt(board.canvas, x, y);
    return cell === null ? null : color(cell);
  };
  window.pixels = Object.freeze<PixelsHook>({
    seq: () => board.seq,
    checksum: () => board.canvas.checksum,
    mode: () => machine.mode,
    pendingCount: () => board.pending.size,
    colorAt: (x, y) => lookUp(x, y, (cell) => board.displayed(cell)),
    confirmedColorAt: (x, y) => lookUp(x, y, (cell) => board.canvas.get(cell)),
    reloads: () => counters.reloads,
    screenPoint: (x, y) => {
      const { left, top } = document.querySelector("[data-testid=canvas]")?.getBoundingClientRect() ?? {
        left: 0,
        top: 0,
      };
      const point = toScreen(controller.view.get(), x + 0.5, y + 0.5);
      return { x: point.x + left, y: point.y + top };
    },
    stats: () => {
      const { frames, medianMs, p95Ms } = loop.stats();
      return {
        ...counters,
        frames,
        frameMedianMs: medianMs,
        frameP95Ms: p95Ms,
        roundTripMs: machine.heartbeats.roundTripMs,
        online: machine.online,
        tokens: machine.meter.available(client.now()),
      };
    },
  });
}
