/** Runs the sync machine: moves its bytes, keeps its timers, and tells the page when something may have changed. */

import type { SyncMachine } from "../model/syncMachine";
import type { Effect } from "../model/syncTypes";
import { CLOSE_CODES } from "../protocol/messages.gen";
import type { Api, Session } from "./api";
import { delayMs } from "./backoff";
import { type SessionEvents, SessionKeeper } from "./session";
import type { OpenSocket, Socket } from "./socket";
import { decode, encode, encodeAll } from "./wire";

const TICK_MS = 500;
/** A tick that comes this late after the one before: the computer slept, or the tab was frozen. */
const LATE_MS = 15_000;

/** What the connection hands to the page. */
export type PageEffect = Extract<Effect, { kind: "refused" | "moderation" | "overwritten" }>;

function isForPage(effect: Effect): effect is PageEffect {
  return effect.kind === "refused" || effect.kind === "moderation" || effect.kind === "overwritten";
}

export interface ConnectionPorts {
  readonly api: Api;
  readonly openSocket: OpenSocket;
  readonly socketUrl: (since: number, epoch: string) => string;
  readonly now: () => number;
  readonly random: () => number;
  /** The token of a sign-in link that opened the page. */
  readonly linkToken?: string | null;
  readonly session: SessionEvents;
  /** Called after everything that may have changed the machine. */
  readonly changed: (effects: readonly PageEffect[]) => void;
}

export class Connection {
  /** Milliseconds (epoch) of the next attempt while offline; null when none is planned. */
  retryAt: number | null = null;
  /** Whether the browser refuses to keep the session's cookie, without which no socket opens. */
  cookiesBlocked = false;
  private readonly machine: SyncMachine;
  private readonly ports: ConnectionPorts;
  private readonly session: SessionKeeper;
  private socket: Socket | null = null;
  /** Counts up with every connect, so that a late session answer does not open a second socket. */
  private generation = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private tickedAt = 0;

  constructor(machine: SyncMachine, ports: ConnectionPorts) {
    this.machine = machine;
    this.ports = ports;
    this.session = new SessionKeeper(ports.api, ports.session, ports.linkToken);
  }

  /** Fetch bitmap and session side by side, and connect as soon as both are there. */
  start(): void {
    this.session.ensure().catch(() => undefined);
    this.machine.start();
    this.run();
    this.tickedAt = this.ports.now();
    setInterval(() => this.tick(), TICK_MS);
  }

  /** The network or the page came back. */
  wake(): void {
    this.machine.wake(this.ports.now());
    this.tick();
  }

  /** Take over the session of a token; throws ApiError where it is not valid. */
  async signIn(token: string): Promise<Session> {
    const session = await this.session.signIn(token);
    this.changeIdentity();
    return session;
  }

  async signOut(): Promise<void> {
    await this.session.signOut();
    this.changeIdentity();
  }

  rename(name: string): Promise<Session> {
    return this.session.rename(name);
  }

  private changeIdentity(): void {
    this.machine.identityChanged();
    this.run();
  }

  /** Send what the person painted; called once a frame. */
  flush(): void {
    const items = this.machine.takeOutbox(this.ports.now());
    if (!this.socket || items.length === 0) return;
    for (const frame of encodeAll(items, this.socket.subprotocol, this.machine.board.canvas)) {
      this.socket.send(frame);
    }
  }

  /** Look after timeouts and heartbeats: twice a second, in hidden tabs at least every few seconds. */
  tick(): void {
    const now = this.ports.now();
    if (now - this.tickedAt > LATE_MS) this.machine.wake(now);
    this.tickedAt = now;
    this.machine.tick(now);
    this.run();
  }

  /** Carry out what the machine asks for, until it asks for nothing more. */
  private run(): void {
    const page: PageEffect[] = [];
    for (const effect of this.machine.takeEffects()) {
      if (isForPage(effect)) page.push(effect);
      else this.perform(effect);
    }
    this.ports.changed(page);
  }

  private perform(effect: Exclude<Effect, PageEffect>): void {
    switch (effect.kind) {
      case "load":
        void this.load(effect.fresh);
        return;
      case "connect":
        void this.connect(effect.since, effect.epoch);
        return;
      case "close":
        this.dropSocket();
        return;
      case "retry":
        this.retryIn(delayMs(effect.delay, effect.attempt, this.ports.random()));
        return;
      case "heartbeat":
        this.socket?.send(encode({ type: "heartbeat", t: Math.round(this.ports.now()) }));
    }
  }

  private retryIn(delay: number): void {
    clearTimeout(this.retryTimer);
    this.retryAt = this.ports.now() + delay;
    this.retryTimer = setTimeout(() => {
      this.retryAt = null;
      this.machine.retry(this.ports.now());
      this.run();
    }, delay);
  }

  private async load(fresh: boolean): Promise<void> {
    try {
      const bitmap = await this.ports.api.fetchBitmap(fresh);
      this.machine.bitmapLoaded(bitmap, this.ports.now());
    } catch {
      this.machine.bitmapFailed();
    }
    this.run();
  }

  private async connect(since: number, epoch: string): Promise<void> {
    this.dropSocket();
    clearTimeout(this.retryTimer);
    this.retryAt = null;
    const generation = this.generation;
    try {
      await this.session.ensure();
    } catch {
      if (generation === this.generation) this.closed(CLOSE_CODES.TRY_AGAIN_LATER);
      return;
    }
    if (generation === this.generation) this.openSocket(this.ports.socketUrl(since, epoch));
  }

  private openSocket(url: string): void {
    let opened = false;
    this.socket = this.ports.openSocket(url, {
      opened: () => {
        opened = true;
        this.cookiesBlocked = false;
      },
      message: (data) => this.message(data),
      closed: (code) => {
        // A refused handshake looks like a lost connection here: ask for the session again to be sure.
        if (!opened || code === CLOSE_CODES.EXPIRED) this.session.invalidate();
        if (!opened) void this.checkCookie();
        this.closed(code);
      },
    });
  }

  private async checkCookie(): Promise<void> {
    this.cookiesBlocked = (await this.session.hasCookie()) === false;
    this.run();
  }

  private message(data: string | ArrayBuffer): void {
    const now = this.ports.now();
    try {
      const message = decode(data, this.machine.board.canvas);
      if (message) this.machine.receive(message, now);
      if (message?.type === "canvas:state") this.flush();
    } catch {
      // What cannot be read leaves a hole in the stream: come back with `since`.
      this.closed(CLOSE_CODES.UNSUPPORTED_DATA);
      return;
    }
    this.machine.tick(now);
    this.run();
  }

  private closed(code: number): void {
    this.dropSocket();
    this.machine.socketClosed(code);
    this.run();
  }

  private dropSocket(): void {
    this.generation++;
    this.socket?.close();
    this.socket = null;
  }
}
