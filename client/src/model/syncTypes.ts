/** What goes into the sync machine and what comes out of it. */

import type { CellUpdate } from "../protocol/binaryCodec";
import type {
  CanvasStateMessage,
  HeartbeatReply,
  PixelAck,
  PixelReject,
  StrokeEnd,
  StrokeStart,
} from "../protocol/messages.gen";
import type { ModerationMessage } from "./canvasInfo";
import type { Placement } from "./pending";
import type { Refusal } from "./refusals";

export type Phase = "offline" | "connecting" | "loading" | "live" | "catching-up" | "degraded";

export type Mode = Exclude<Phase, "connecting">;

/** A server message as the client handles it: bulk updates of either subprotocol arrive as `CellUpdate`. */
export type Incoming =
  | CanvasStateMessage
  | PixelAck
  | PixelReject
  | HeartbeatReply
  | ModerationMessage
  | (CellUpdate & { readonly type: "cells" });

export type StreamMessage = ModerationMessage | (CellUpdate & { readonly type: "cells" });

export type Outgoing = ({ readonly type: "placement" } & Placement) | StrokeStart | StrokeEnd;

export type Effect =
  /** Fetch the bitmap; `fresh`: past every cache. Ends in `bitmapLoaded` or `bitmapFailed`. */
  | { readonly kind: "load"; readonly fresh: boolean }
  /** Open a socket. Ends in `receive(canvas:state)` or `socketClosed`. */
  | { readonly kind: "connect"; readonly since: number; readonly epoch: string }
  /** Close the socket and listen to it no more. */
  | { readonly kind: "close" }
  /** Call `retry` later, in place of any earlier wish. */
  | { readonly kind: "retry"; readonly delay: "none" | "restart" | "backoff"; readonly attempt: number }
  | { readonly kind: "heartbeat" }
  /** Tell the person that something was not placed. */
  | { readonly kind: "refused"; readonly reason: Refusal; readonly count: number; readonly message?: string }
  /** Somebody painted over pixels that were placed here a moment ago. */
  | { readonly kind: "overwritten"; readonly count: number }
  | { readonly kind: "moderation"; readonly message: ModerationMessage };
