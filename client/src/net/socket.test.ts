import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SUBPROTOCOL_BINARY } from "../protocol/messages.gen";
import { openWebSocket } from "./socket";

class FakeWebSocket {
  static readonly OPEN = 1;
  static last: FakeWebSocket;
  readyState = 0;
  binaryType = "blob";
  protocol = SUBPROTOCOL_BINARY;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly send = vi.fn();
  readonly close = vi.fn();
  readonly protocols: string[];

  constructor(_url: string, protocols: string[]) {
    this.protocols = protocols;
    FakeWebSocket.last = this;
  }
}

beforeEach(() => vi.stubGlobal("WebSocket", FakeWebSocket));
afterEach(() => vi.unstubAllGlobals());

test("it offers both subprotocols, the compact one first, and passes events on", () => {
  const events = { opened: vi.fn(), message: vi.fn(), closed: vi.fn() };
  openWebSocket("ws://x", events);
  const raw = FakeWebSocket.last;
  expect([raw.protocols, raw.binaryType]).toEqual([["pixels.v1.bin", "pixels.v1.json"], "arraybuffer"]);
  raw.onopen?.();
  raw.onmessage?.({ data: "x" });
  raw.onclose?.({ code: 1012 });
  expect([events.opened.mock.calls.length, events.message.mock.calls, events.closed.mock.calls]).toEqual([
    1,
    [["x"]],
    [[1012]],
  ]);
});

test("nothing is sent before it is open, nothing is heard after it was closed", () => {
  const events = { opened: vi.fn(), message: vi.fn(), closed: vi.fn() };
  const socket = openWebSocket("ws://x", events);
  const raw = FakeWebSocket.last;
  socket.send("early");
  raw.readyState = FakeWebSocket.OPEN;
  socket.send("now");
  expect(raw.send.mock.calls).toEqual([["now"]]);
  socket.close();
  expect([raw.onmessage, raw.onclose, raw.close.mock.calls.length]).toEqual([null, null, 1]);
});
