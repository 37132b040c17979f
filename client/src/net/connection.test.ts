import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SyncMachine } from "../model/syncMachine";
import { decodeStroke, encodeCellUpdate } from "../protocol/binaryCodec";
import { CLOSE_CODES, SUBPROTOCOL_BINARY } from "../protocol/messages.gen";
import { bitmap, heartbeat, SIZE, state } from "../testing/builders";
import { ApiError } from "./api";
import { Connection, type PageEffect } from "./connection";
import type { SocketEvents } from "./socket";

class FakeSocket {
  readonly subprotocol = SUBPROTOCOL_BINARY;
  readonly sent: (string | Uint8Array)[] = [];
  isClosed = false;
  readonly url: string;
  readonly events: SocketEvents;

  constructor(url: string, events: SocketEvents) {
    this.url = url;
    this.events = events;
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }
}

let sockets: FakeSocket[];
let sessions: number;
let sessionFails: boolean;
let cookie: Error;
let bitmaps: boolean[];
let effects: PageEffect[];
let machine: SyncMachine;
let connection: Connection;

const settle = () => vi.advanceTimersByTimeAsync(0);
const socket = () => sockets[sockets.length - 1];
const paint = (cell: number) =>
  machine.paint({ cells: [cell], color: 5, tool: "brush", stroke: 0 }, Date.now());

async function connect(): Promise<void> {
  connection.start();
  await settle();
  socket().events.opened();
  socket().events.message(JSON.stringify(state({ seq: 10 })));
}

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, sessions, sessionFails, bitmaps, effects] = [[], 0, false, [], []];
  cookie = new Error("down");
  machine = new SyncMachine(SIZE, 500);
  connection = new Connection(machine, {
    api: {
      createSession: async () => {
        sessions++;
        if (sessionFails) throw new Error("down");
        return { user: "u_1", name: null, role: "painter", expiresAt: 0 };
      },
      showSession: async () => {
        throw cookie;
      },
      endSession: async () => undefined,
      fetchStatistics: () => Promise.reject(new Error("not asked")),
      fetchPixel: () => Promise.reject(new Error("not asked")),
      fetchBitmap: async (fresh) => {
        bitmaps.push(fresh);
        return bitmap(10);
      },
    },
    openSocket: (url, events) => {
      sockets.push(new FakeSocket(url, events));
      return socket();
    },
    socketUrl: (since, epoch) => `since=${since}&epoch=${epoch}`,
    now: Date.now,
    random: () => 0.5,
    session: { changed: () => undefined, linkRefused: () => undefined },
    changed: (page) => effects.push(...page),
  });
});

afterEach(() => vi.useRealTimers());

describe("connection", () => {
  test("bitmap and session are asked for at once, then the socket opens", async () => {
    connection.start();
    expect([sessions, bitmaps, sockets.length]).toEqual([1, [false], 0]);
    await settle();
    expect([sockets.length, socket().url]).toEqual([1, "since=10&epoch=e1"]);
  });

  test("what was painted leaves as one frame when the frame is drawn", async () => {
    await connect();
    paint(3);
    paint(4);
    expect(socket().sent).toEqual([]);
    connection.flush();
    expect(socket().sent).toHaveLength(1);
    expect(decodeStroke(socket().sent[0] as Uint8Array)).toMatchObject({ id: 500, cells: [3, 4] });
  });

  test("a lost socket: a new one after the back-off, and unanswered placements again", async () => {
    await connect();
    paint(3);
    connection.flush();
    socket().events.closed(1006);
    expect(machine.mode).toBe("offline");
    await vi.advanceTimersByTimeAsync(300);
    expect(sockets).toHaveLength(2);
    socket().events.opened();
    socket().events.message(JSON.stringify(state({ seq: 10 })));
    expect(decodeStroke(socket().sent[0] as Uint8Array)).toMatchObject({ id: 500, cells: [3] });
    expect([sessions, bitmaps]).toEqual([1, [false]]);
  });

  test("a refused handshake or an expired session asks for a session again", async () => {
    await connect();
    socket().events.closed(CLOSE_CODES.EXPIRED);
    await vi.advanceTimersByTimeAsync(300);
    expect(sessions).toBe(2);
    socket().events.closed(1006);
    await vi.advanceTimersByTimeAsync(600);
    expect([sessions, sockets.length]).toEqual([3, 3]);
  });

  test("a session that cannot be had is tried again with back-off", async () => {
    sessionFails = true;
    connection.start();
    await settle();
    expect([sockets.length, machine.mode]).toEqual([0, "offline"]);
    sessionFails = false;
    await vi.advanceTimersByTimeAsync(400);
    expect(sockets).toHaveLength(1);
  });

  test("a frame that cannot be read leads back with since", async () => {
    await connect();
    const first = socket();
    first.events.message(Uint8Array.of(1, 0x80).buffer);
    expect([first.isClosed, machine.mode]).toEqual([true, "offline"]);
    await vi.advanceTimersByTimeAsync(300);
    expect(socket().url).toBe("since=10&epoch=e1");
  });

  test("binary updates move the canvas", async () => {
    await connect();
    socket().events.message(encodeCellUpdate({ first: 11, seq: 11, cells: [7], colors: [9] }).buffer);
    expect([machine.board.seq, machine.board.displayed(7)]).toEqual([11, 9]);
  });

  test("rejects reach the page", async () => {
    await connect();
    paint(3);
    socket().events.message(JSON.stringify({ type: "pixel:reject", id: 500, reason: "locked" }));
    expect(effects).toEqual([{ kind: "refused", reason: "locked", count: 1 }]);
  });

  test("waking up skips the wait", async () => {
    await connect();
    socket().events.closed(1006);
    connection.wake();
    await settle();
    expect(sockets).toHaveLength(2);
  });

  test("after sleep a dead socket is left at once, and one that may live is asked", async () => {
    await connect();
    await vi.advanceTimersByTimeAsync(20_000);
    vi.setSystemTime(Date.now() + 20_000);
    const before = socket().sent.length;
    connection.tick();
    expect([sockets.length, socket().sent.length]).toEqual([1, before + 1]);
    socket().events.message(JSON.stringify(heartbeat(10, machine.board.canvas.checksum, Date.now())));
    vi.setSystemTime(Date.now() + 3_600_000);
    connection.tick();
    await settle();
    expect([sockets.length, sockets[0].isClosed]).toEqual([2, true]);
  });

  test("heartbeats go out by themselves", async () => {
    await connect();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(socket().sent.map((frame) => JSON.parse(frame as string).type)).toEqual(["heartbeat"]);
  });
});

test("a handshake refused for want of the cookie is told from a lost connection", async () => {
  connection.start();
  await settle();
  socket().events.closed(1006);
  await settle();
  expect(connection.cookiesBlocked).toBe(false);
  cookie = new ApiError(401, "unauthorized", "A valid session is required.");
  await vi.advanceTimersByTimeAsync(5_000);
  socket().events.closed(1006);
  await settle();
  expect(connection.cookiesBlocked).toBe(true);
});

test("another identity means another socket, at once", async () => {
  await connect();
  paint(5);
  await connection.signIn("token");
  await settle();
  expect([sockets.length, sockets[0].isClosed, machine.board.pending.size]).toEqual([2, true, 0]);
  expect(effects.at(-1)).toEqual({ kind: "refused", reason: "session", count: 1 });
  await connection.signOut();
  await settle();
  expect([sockets.length, sessions]).toEqual([3, 3]);
});

test("a server that speaks another version is left alone", async () => {
  connection.start();
  await settle();
  socket().events.opened();
  socket().events.message(JSON.stringify({ ...state({ seq: 10 }), version: 2 }));
  connection.wake();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([machine.otherVersion, machine.mode, sockets.length, sockets[0].isClosed]).toEqual([
    2,
    "offline",
    1,
    true,
  ]);
});
