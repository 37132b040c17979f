/**
 * A client and a server over a link that loses, delays and corrupts, by seed: afterwards both canvases are equal, no
 * placement is pending, none was applied twice, and whatever was applied or refused was told so.
 */

import { describe, expect, test } from "vitest";
import { SIZE } from "../testing/builders";
import { type FakeLink, FakeServer } from "../testing/fakeServer";
import { seeded } from "../testing/random";
import { SyncMachine } from "./syncMachine";
import type { Effect } from "./syncTypes";

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);
const STEPS = 400;

class World {
  readonly server = new FakeServer();
  readonly machine = new SyncMachine(SIZE, 1000);
  readonly refused: Effect[] = [];
  painted = 0;
  private readonly random: () => number;
  private now = 1_000_000;
  private link: FakeLink | null = null;
  private loading = false;
  private retryAt: number | null = null;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.machine.start();
    this.perform();
  }

  step(): void {
    const dice = this.random();
    this.now += Math.floor(this.random() * 300);
    if (dice < 0.2) this.paint();
    else if (dice < 0.35) this.server.place(this.any(100), this.any(248));
    else if (dice < 0.5) this.deliverToServer();
    else if (dice < 0.75) this.deliverToClient();
    else if (dice < 0.85) this.server.publish(this.random() < 0.5);
    else if (dice < 0.88) this.finishLoading(this.random() < 0.3);
    else if (dice < 0.9) this.loseLink();
    else if (dice < 0.91) this.link?.toClient.splice(0, 1);
    else if (dice < 0.912) this.machine.board.canvas.set(this.any(100), this.any(248));
    else if (dice < 0.913) this.restartServer();
    else this.tick();
    this.perform();
  }

  /** The network behaves again: deliver everything until nothing moves. */
  settle(): void {
    for (let round = 0; round < 60; round++) {
      this.now += 1_000;
      this.finishLoading(false);
      this.tick();
      this.perform();
      this.flush();
      while (this.link && this.link.toServer.length > 0) this.server.receive(this.link, null);
      this.server.publish();
      while (this.link && this.link.toClient.length > 0) this.deliverToClient();
      this.perform();
    }
  }

  private any(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private paint(): void {
    const cells = [this.any(100), this.any(100)];
    this.painted += this.machine.paint(
      { cells, color: this.any(248), tool: "brush", stroke: 0 },
      this.now,
    ).placed;
    if (this.random() < 0.7) this.flush();
  }

  private flush(): void {
    const items = this.machine.takeOutbox(this.now);
    this.link?.toServer.push(...items);
  }

  private deliverToServer(): void {
    this.flush();
    if (this.link) this.server.receive(this.link, this.random() < 0.1 ? "locked" : null);
  }

  private deliverToClient(): void {
    const message = this.link?.toClient.shift();
    if (!message) return;
    this.machine.receive(message, this.now);
    this.perform();
  }

  private finishLoading(fails: boolean): void {
    if (!this.loading) return;
    this.loading = false;
    if (fails) this.machine.bitmapFailed();
    else this.machine.bitmapLoaded(this.server.bitmap(), this.now);
    this.perform();
  }

  private loseLink(): void {
    if (!this.link) return;
    this.dropLink();
    this.machine.socketClosed(1006);
  }

  private restartServer(): void {
    this.loseLink();
    this.server.restartEmpty(`epoch-${this.now}`);
  }

  private tick(): void {
    if (this.retryAt !== null && this.now >= this.retryAt) {
      this.retryAt = null;
      this.machine.retry(this.now);
    }
    this.machine.tick(this.now);
  }

  private dropLink(): void {
    if (this.link) this.server.links.delete(this.link);
    this.link = null;
  }

  private perform(): void {
    for (const effect of this.machine.takeEffects()) {
      if (effect.kind === "load") this.loading = true;
      else if (effect.kind === "connect") this.link = this.server.connect(effect.since, effect.epoch);
      else if (effect.kind === "close") this.dropLink();
      else if (effect.kind === "retry") this.retryAt = this.now + 250;
      else if (effect.kind === "heartbeat" && this.link) this.server.heartbeat(this.link, this.now);
      else if (effect.kind === "refused") this.refused.push(effect);
    }
  }
}

describe("sync under loss", () => {
  test.each(SEEDS)("seed %i", (seed) => {
    const world = new World(seed);
    for (let step = 0; step < STEPS; step++) world.step();
    world.settle();
    const { machine, server } = world;
    expect([machine.phase, machine.board.pending.size]).toEqual(["live", 0]);
    expect([machine.board.seq, machine.board.epoch]).toEqual([server.seq, server.epoch]);
    expect(machine.board.canvas.checksum).toBe(server.canvas.checksum);
    for (let cell = 0; cell < 100; cell++)
      expect(machine.board.displayed(cell)).toBe(server.canvas.get(cell));
    expect(Math.max(0, ...server.applied.values())).toBeLessThanOrEqual(1);
    expect(world.painted).toBeGreaterThan(0);
  });
});
