import { beforeEach, describe, expect, test } from "vitest";
import { RETAINED_MS } from "../protocol/messages.gen";
import { ack, bitmap, cells, EPOCH, heartbeat, SIZE, state } from "../testing/builders";
import { SyncMachine } from "./syncMachine";
import type { Effect } from "./syncTypes";

const START = 1_000_000;
const FIRST_ID = 500;

let machine: SyncMachine;
let now: number;

const kinds = (effects: readonly Effect[]) => effects.map((effect) => effect.kind);
const take = () => machine.takeEffects();
const sent = () => machine.takeOutbox(now);
const sentIds = () => sent().flatMap((item) => (item.type === "placement" ? [item.id] : []));
const paint = (...where: number[]) =>
  machine.paint({ cells: where, color: 5, tool: "brush", stroke: 0 }, now);

/** Bring the machine to `live` at seq 10, with colour 1 in cell 0. */
function goLive(fields: Parameters<typeof state>[0] = {}): void {
  machine.start();
  machine.bitmapLoaded(bitmap(10, { 0: 1 }), now);
  machine.receive(state({ seq: 10, ...fields }), now);
  take();
}

beforeEach(() => {
  now = START;
  machine = new SyncMachine(SIZE, FIRST_ID);
});

describe("first load", () => {
  test("bitmap, then a socket from its seq, then live", () => {
    machine.start();
    expect(take()).toEqual([{ kind: "load", fresh: false }]);
    expect(machine.phase).toBe("loading");
    machine.bitmapLoaded(bitmap(10), now);
    expect(take()).toEqual([{ kind: "connect", since: 10, epoch: EPOCH }]);
    expect([machine.phase, machine.mode]).toEqual(["connecting", "loading"]);
    machine.receive(state({ seq: 10 }), now);
    expect(machine.phase).toBe("live");
  });

  test("without a bitmap it is offline and tries again, later and later", () => {
    machine.start();
    take();
    machine.bitmapFailed();
    expect(take()).toEqual([{ kind: "retry", delay: "backoff", attempt: 0 }]);
    expect(machine.mode).toBe("offline");
    machine.retry(now);
    expect(take()).toEqual([{ kind: "load", fresh: false }]);
    machine.bitmapFailed();
    expect(take()).toEqual([{ kind: "retry", delay: "backoff", attempt: 1 }]);
  });

  test("what the server says is missing makes it catch up first", () => {
    machine.start();
    machine.bitmapLoaded(bitmap(10), now);
    machine.receive(state({ seq: 14, mode: "catching-up" }), now);
    expect(machine.phase).toBe("catching-up");
    machine.receive(cells(11, 14, [3, 2]), now);
    expect(machine.phase).toBe("live");
    expect(machine.board.displayed(3)).toBe(2);
  });
});

describe("the stream", () => {
  beforeEach(() => goLive());

  test("the next message applies", () => {
    machine.receive(cells(11, 12, [1, 4], [2, 5]), now);
    expect([machine.board.seq, machine.board.displayed(1), machine.board.displayed(2)]).toEqual([12, 4, 5]);
  });

  test("a repeat is ignored, even with other colours", () => {
    machine.receive(cells(9, 10, [0, 7]), now);
    expect([machine.board.seq, machine.board.displayed(0)]).toEqual([10, 1]);
  });

  test("an overlap applies", () => {
    machine.receive(cells(8, 13, [0, 9]), now);
    expect([machine.board.seq, machine.board.displayed(0)]).toEqual([13, 9]);
  });

  test("a gap reconnects from the own seq and applies nothing", () => {
    machine.receive(cells(12, 13, [0, 9]), now);
    expect(take()).toEqual([{ kind: "close" }, { kind: "retry", delay: "none", attempt: 0 }]);
    expect([machine.board.displayed(0), machine.counters.gaps, machine.mode]).toEqual([1, 1, "offline"]);
    machine.retry(now);
    expect(take()).toEqual([{ kind: "connect", since: 10, epoch: EPOCH }]);
  });

  test("a second gap right after the first waits", () => {
    machine.receive(cells(12, 13), now);
    machine.retry(now);
    machine.receive(state({ seq: 13 }), now);
    take();
    machine.receive(cells(14, 14), now);
    expect(take()).toContainEqual({ kind: "retry", delay: "backoff", attempt: 1 });
  });

  test("moderation messages take a seq and change what they say", () => {
    const lock = { id: "l1", x: 0, y: 0, width: 2, height: 2, by: "m", reason: "logo" };
    machine.receive({ type: "moderation:lock", seq: 11, by: "m", reason: "", lock }, now);
    expect(machine.info?.locks).toEqual([lock]);
    const rewind = {
      type: "moderation:rewind",
      seq: 12,
      by: "m",
      reason: "",
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    } as const;
    machine.receive({ ...rewind, pixels: [[0, 0, 6]] }, now);
    expect([machine.board.seq, machine.board.displayed(0)]).toEqual([12, 6]);
    machine.receive({ type: "moderation:unlock", seq: 13, by: "m", reason: "", lock: "l1" }, now);
    expect(machine.info?.locks).toEqual([]);
    expect(kinds(take())).toEqual(["moderation", "moderation", "moderation"]);
  });

  test("canvas:state never moves the seq", () => {
    machine.receive(state({ seq: 99 }), now);
    expect(machine.board.seq).toBe(10);
  });

  test("nothing that arrives after a lost socket counts", () => {
    machine.socketClosed(1006);
    machine.receive(cells(11, 11, [0, 9]), now);
    expect(machine.board.seq).toBe(10);
  });
});

describe("reloading", () => {
  beforeEach(() => goLive());

  test("keeps the stream, fetches past the caches, goes on from there", () => {
    machine.receive(state({ seq: 50, mode: "reload" }), now);
    expect(take()).toEqual([{ kind: "load", fresh: true }]);
    expect(machine.phase).toBe("loading");
    machine.receive(cells(51, 52, [1, 4]), now);
    machine.receive(cells(53, 55, [2, 4]), now);
    machine.bitmapLoaded(bitmap(52, { 0: 3 }), now);
    expect([machine.board.seq, machine.phase, machine.counters.reloads]).toEqual([55, "live", 1]);
    expect([0, 1, 2].map((cell) => machine.board.displayed(cell))).toEqual([3, 0, 4]);
  });

  test("a bitmap older than the stream that was kept: reconnect from it", () => {
    machine.receive(state({ seq: 50, mode: "reload" }), now);
    machine.receive(cells(51, 52), now);
    take();
    machine.bitmapLoaded(bitmap(45), now);
    expect(kinds(take())).toEqual(["close", "retry"]);
    machine.retry(now);
    expect(take()).toEqual([{ kind: "connect", since: 45, epoch: EPOCH }]);
  });

  test("a bitmap behind a silent stream reconnects, too", () => {
    machine.receive(state({ seq: 50, mode: "reload" }), now);
    take();
    machine.bitmapLoaded(bitmap(49), now);
    expect(kinds(take())).toEqual(["close", "retry"]);
  });

  test("the socket is lost while the bitmap comes: connect when it is there", () => {
    machine.receive(state({ seq: 50, mode: "reload" }), now);
    machine.socketClosed(1006);
    machine.retry(now);
    take();
    machine.bitmapLoaded(bitmap(50), now);
    expect(take()).toEqual([{ kind: "connect", since: 50, epoch: EPOCH }]);
  });

  test("the bitmap fails: the socket stays, the bitmap is asked for again", () => {
    machine.receive(state({ seq: 50, mode: "reload" }), now);
    take();
    machine.bitmapFailed();
    expect(kinds(take())).toEqual(["retry"]);
    machine.retry(now);
    expect(take()).toEqual([{ kind: "load", fresh: true }]);
    machine.bitmapLoaded(bitmap(50), now);
    expect(machine.phase).toBe("live");
  });

  test("a new epoch reloads; what was pending is gone and said to be", () => {
    paint(7);
    machine.receive(state({ seq: 2, epoch: "e2" }), now);
    expect(take()).toEqual([
      { kind: "refused", reason: "reset", count: 1 },
      { kind: "load", fresh: true },
    ]);
    expect(machine.board.pending.size).toBe(0);
    machine.bitmapLoaded(bitmap(2, {}, "e2"), now);
    expect([machine.board.seq, machine.board.epoch, machine.phase]).toEqual([2, "e2", "live"]);
  });

  test("a bitmap of a new epoch that arrives before the socket ends what was pending", () => {
    paint(7);
    machine.receive(ack(FIRST_ID, 12), now);
    machine.receive(heartbeat(10, 1), now);
    machine.socketClosed(1006);
    machine.bitmapLoaded(bitmap(0, {}, "e2"), now);
    expect(machine.board.pending.size).toBe(0);
    expect(take()).toContainEqual({ kind: "refused", reason: "reset", count: 1 });
  });

  test("the bitmap is of yet another epoch: reconnect with that one", () => {
    machine.receive(state({ seq: 2, epoch: "e2" }), now);
    take();
    machine.bitmapLoaded(bitmap(0, {}, "e3"), now);
    machine.retry(now);
    expect(take()).toContainEqual({ kind: "connect", since: 0, epoch: "e3" });
  });
});

describe("placements", () => {
  beforeEach(() => goLive());

  test("are on screen at once and leave with ids that count up", () => {
    expect(paint(3, 4)).toEqual({ placed: 2, refusal: null });
    expect([machine.board.displayed(3), machine.board.canvas.get(3)]).toEqual([5, 0]);
    expect(sentIds()).toEqual([FIRST_ID, FIRST_ID + 1]);
    expect(sentIds()).toEqual([]);
  });

  test("an acknowledged one stays until the own seq is there", () => {
    paint(3);
    machine.receive(ack(FIRST_ID, 12), now);
    machine.receive(cells(11, 11, [9, 9]), now);
    expect([machine.board.displayed(3), machine.board.pending.size]).toEqual([5, 1]);
    machine.receive(cells(12, 12, [3, 5]), now);
    expect([machine.board.displayed(3), machine.board.pending.size]).toEqual([5, 0]);
  });

  test("an ack behind the own seq ends it at once: somebody painted over it", () => {
    paint(3);
    machine.receive(cells(11, 12, [3, 8]), now);
    machine.receive(ack([FIRST_ID], 11), now);
    expect([machine.board.displayed(3), machine.board.pending.size]).toEqual([8, 0]);
  });

  test("a rejected one reverts at once, with the reason", () => {
    paint(0);
    machine.receive({ type: "pixel:reject", id: FIRST_ID, reason: "unavailable", x: 0, y: 0, color: 1 }, now);
    expect([machine.board.displayed(0), machine.board.pending.size]).toEqual([1, 0]);
    expect(take()).toEqual([{ kind: "refused", reason: "unavailable", count: 1 }]);
  });

  test("a reject uncovers an older pending one of the same cell", () => {
    paint(3);
    machine.paint({ cells: [3], color: 9, tool: "brush", stroke: 0 }, now);
    machine.receive({ type: "pixel:reject", id: FIRST_ID + 1, reason: "locked" }, now);
    expect(machine.board.displayed(3)).toBe(5);
  });

  test("a reject of something unknown is not reported", () => {
    machine.receive({ type: "pixel:reject", id: 77, reason: "locked" }, now);
    expect(take()).toEqual([]);
  });

  test("a reject without an id is reported", () => {
    machine.receive({ type: "pixel:reject", reason: "malformed", message: "no" }, now);
    expect(take()).toEqual([{ kind: "refused", reason: "malformed", count: 1, message: "no" }]);
  });

  test("a lost connection keeps them visible; the next one sends them again with the same ids", () => {
    paint(3, 4, 6);
    sent();
    machine.receive(ack(FIRST_ID, 11), now);
    machine.socketClosed(1006);
    expect([machine.board.displayed(3), machine.board.displayed(4), machine.isStale]).toEqual([5, 5, true]);
    machine.retry(now);
    machine.receive(state({ seq: 11, mode: "catching-up" }), now);
    expect(sentIds()).toEqual([FIRST_ID + 1, FIRST_ID + 2]);
    machine.receive(cells(11, 11, [3, 5]), now);
    expect(machine.board.pending.size).toBe(2);
  });

  test("what was painted but not sent before the loss is sent once", () => {
    paint(3);
    machine.socketClosed(1006);
    expect(sentIds()).toEqual([]);
    machine.retry(now);
    machine.receive(state({ seq: 10 }), now);
    expect(sentIds()).toEqual([FIRST_ID]);
  });

  test("no answer for ten seconds: reconnect and ask again", () => {
    paint(3);
    sent();
    now += 11_000;
    machine.receive(heartbeat(10, machine.board.canvas.checksum), now);
    machine.tick(now);
    expect(kinds(take())).toEqual(["close", "retry"]);
    machine.retry(now);
    machine.receive(state({ seq: 10 }), now);
    expect(sentIds()).toEqual([FIRST_ID]);
  });

  test("a new connection gets its full ten seconds before it counts as silent", () => {
    paint(3);
    sent();
    machine.socketClosed(1006);
    now += 20_000;
    machine.retry(now);
    machine.receive(state({ seq: 10 }), now);
    take();
    machine.tick(now);
    expect(take()).toEqual([]);
  });

  test("an id that the server may have forgotten is not asked again: reverted, and said", () => {
    paint(3);
    machine.socketClosed(1006);
    take();
    now += RETAINED_MS;
    machine.tick(now);
    expect(take()).toEqual([{ kind: "refused", reason: "lost", count: 1 }]);
    expect([machine.board.displayed(3), machine.board.pending.size]).toEqual([0, 0]);
  });

  test("an ack that waits for the stream survives a reload by mismatch", () => {
    paint(3);
    machine.receive(ack(FIRST_ID, 12), now);
    machine.receive(heartbeat(10, 123), now);
    machine.bitmapLoaded(bitmap(11), now);
    expect(machine.board.displayed(3)).toBe(5);
    machine.receive(cells(12, 12, [3, 5]), now);
    expect(machine.board.pending.size).toBe(0);
  });
});

describe("refusals", () => {
  test("while loading, offline or degraded nothing is painted", () => {
    machine.start();
    expect(paint(1)).toEqual({ placed: 0, refusal: "loading" });
    machine.bitmapLoaded(bitmap(10), now);
    expect(paint(1).refusal).toBe("loading");
    machine.receive(state({ seq: 10, mode: "degraded" }), now);
    expect([machine.phase, paint(1).refusal]).toEqual(["degraded", "degraded"]);
    machine.receive(state({ seq: 10 }), now);
    expect(paint(1)).toEqual({ placed: 1, refusal: null });
    machine.socketClosed(1006);
    expect(paint(1).refusal).toBe("offline");
    machine.retry(now);
    expect([machine.mode, paint(1).refusal]).toEqual(["offline", "offline"]);
    expect(machine.board.pending.size).toBe(1);
  });

  test("viewers, banned users and a paused canvas", () => {
    goLive({ you: { user: "u_1", role: "viewer", tokens: 0 } });
    expect(paint(1).refusal).toBe("read_only");
    machine.receive(state({ paused: true }), now);
    expect(paint(1).refusal).toBe("paused");
    machine.receive(state(), now);
    machine.receive(
      { type: "moderation:ban", seq: 11, by: "m", reason: "", user: "u_1", until: now + 1000 },
      now,
    );
    expect(paint(1).refusal).toBe("banned");
    now += 1001;
    expect(paint(1).refusal).toBeNull();
  });

  test("a ban ends by the server's clock, and one that ended unseen is not remembered", () => {
    goLive();
    const reply = heartbeat(10, machine.board.canvas.checksum, now);
    machine.receive({ ...reply, serverTime: now + 7_200_000 }, now);
    const ban = { type: "moderation:ban", by: "m", reason: "", user: "u_1" } as const;
    machine.receive({ ...ban, seq: 11, until: now + 7_201_000 }, now);
    expect(paint(1).refusal).toBe("banned");
    expect([machine.serverTime(now), paint(1).refusal]).toEqual([now + 7_200_000, "banned"]);
    now += 1_001;
    expect(paint(1).refusal).toBeNull();
    machine.receive({ ...ban, seq: 12 }, now);
    expect(paint(1).refusal).toBe("banned");
    machine.receive(state({ mode: "reload", seq: 9_000 }), now);
    machine.bitmapLoaded(bitmap(9_000), now);
    expect(machine.refusal(now)).toBeNull();
  });

  test("locked cells are left out, the others are painted", () => {
    goLive({ locks: [{ id: "l", x: 0, y: 0, width: 10, height: 1, by: "m", reason: "" }] });
    expect(paint(5, 15)).toEqual({ placed: 1, refusal: "locked" });
    expect([machine.board.displayed(5), machine.board.displayed(15)]).toEqual([0, 5]);
  });

  test("a stroke stops at the limit instead of asking for more", () => {
    goLive({ you: { user: "u_1", role: "painter", tokens: 4.5 } });
    expect(paint(1, 2, 3, 4, 5)).toEqual({ placed: 3, refusal: "limit" });
    expect(sentIds()).toHaveLength(3);
    now += 100;
    expect(paint(6, 7)).toEqual({ placed: 2, refusal: null });
  });

  test("a rate_limited answer empties the meter", () => {
    goLive();
    paint(1);
    machine.receive({ type: "pixel:reject", id: FIRST_ID, reason: "rate_limited", retryAfterMs: 500 }, now);
    expect(paint(2).refusal).toBe("limit");
    now += 600;
    expect(paint(2).refusal).toBeNull();
  });
});

describe("heartbeats and time", () => {
  beforeEach(() => goLive());

  test("one goes out soon after connecting, then every 15 s", () => {
    const beats = [0, 1_000, 2_000, 15_000, 16_500].filter((after) => {
      machine.tick(START + after);
      return kinds(take()).includes("heartbeat");
    });
    expect(beats).toEqual([1_000, 16_500]);
  });

  test("an equal checksum is fine, a different one at the same seq reloads and counts", () => {
    machine.receive(heartbeat(10, machine.board.canvas.checksum), now);
    expect(take()).toEqual([]);
    machine.receive(heartbeat(10, 1), now);
    expect(take()).toEqual([{ kind: "load", fresh: true }]);
    expect(machine.counters).toMatchObject({ mismatches: 1, reloads: 1 });
  });

  test("a checksum of another seq proves nothing", () => {
    machine.receive(heartbeat(9, 1), now);
    machine.receive(heartbeat(11, 1), now);
    expect(take()).toEqual([]);
  });

  test("behind twice without having moved: reconnect", () => {
    machine.receive(heartbeat(12, 1), now);
    machine.receive(heartbeat(13, 1), now);
    expect(kinds(take())).toEqual(["close", "retry"]);
  });

  test("behind twice but moving is fine", () => {
    machine.receive(heartbeat(12, 1), now);
    machine.receive(cells(11, 11), now);
    machine.receive(heartbeat(13, 1), now);
    expect(take()).toEqual([]);
  });

  test("a socket silent for 45 s is dead", () => {
    machine.tick(now + 44_000);
    expect(kinds(take())).not.toContain("close");
    machine.tick(now + 46_000);
    expect(kinds(take())).toEqual(["close", "retry"]);
  });

  test("waking up asks for a quick answer, and reconnects without one", () => {
    machine.wake(now);
    machine.tick(now);
    expect(kinds(take())).toEqual(["heartbeat"]);
    machine.tick(now + 5_000);
    expect(kinds(take())).toEqual(["close", "retry"]);
  });

  test("waking up while offline tries at once", () => {
    machine.socketClosed(1006);
    take();
    machine.wake(now);
    expect(take()).toEqual([{ kind: "retry", delay: "none", attempt: 0 }]);
  });

  test("round trip and who is online", () => {
    machine.receive(heartbeat(10, machine.board.canvas.checksum, now - 40), now);
    expect([machine.heartbeats.roundTripMs, machine.online]).toEqual([40, 3]);
  });

  test("a restarting server is asked again within a second, a lost one with back-off", () => {
    machine.socketClosed(1012);
    expect(take()).toEqual([{ kind: "retry", delay: "restart", attempt: 0 }]);
    machine.retry(now);
    machine.socketClosed(1006);
    expect(take()).toContainEqual({ kind: "retry", delay: "backoff", attempt: 1 });
  });

  test("the back-off starts over once a connection has lasted", () => {
    machine.socketClosed(1006);
    machine.retry(now);
    machine.receive(state({ seq: 10 }), now);
    machine.tick(now + 6_000);
    take();
    machine.socketClosed(1006);
    expect(take()).toEqual([{ kind: "retry", delay: "backoff", attempt: 0 }]);
  });

  test("a socket that does not open in time is given up", () => {
    machine.socketClosed(1006);
    machine.retry(now);
    take();
    machine.tick(now + 11_000);
    expect(kinds(take())).toEqual(["close", "retry"]);
  });
});
