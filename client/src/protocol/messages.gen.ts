// Made by `make gen` from pixels_core/protocol. Do not edit: change the Python and run it again.

export const PROTOCOL_VERSION = 1 as const;

export const SUBPROTOCOL_JSON = "pixels.v1.json" as const;

export const SUBPROTOCOL_BINARY = "pixels.v1.bin" as const;

export const MAX_MESSAGE_BYTES = 4096 as const;

export const MAX_STROKE_PIXELS = 256 as const;

export const HEARTBEAT_INTERVAL_MS = 15000 as const;

export const IDLE_TIMEOUT_MS = 45000 as const;

export const RETAINED_MS = 600000 as const;

export const OPCODE_BULK_UPDATE = 1 as const;

export const OPCODE_STROKE = 129 as const;

export const TOOLS = ["brush", "eraser", "script"] as const;

export const BACKGROUND = 0 as const;

export const CURATED_COUNT = 32 as const;

export const SAFE_FIRST = 32 as const;

export const SAFE_LEVELS = [0, 51, 102, 153, 204, 255] as const;

export const COLOR_COUNT = 248 as const;

export const TILE_SIDE = 64 as const;

export const DEFAULT_WIDTH = 900 as const;

export const DEFAULT_HEIGHT = 900 as const;

export const CURATED = [{"hex": "#ffffff", "name": "White"}, {"hex": "#d4d7d9", "name": "Light gray"}, {"hex": "#898d90", "name": "Gray"}, {"hex": "#515252", "name": "Dark gray"}, {"hex": "#000000", "name": "Black"}, {"hex": "#6d001a", "name": "Burgundy"}, {"hex": "#be0039", "name": "Dark red"}, {"hex": "#ff4500", "name": "Red"}, {"hex": "#ffa800", "name": "Orange"}, {"hex": "#ffd635", "name": "Yellow"}, {"hex": "#fff8b8", "name": "Pale yellow"}, {"hex": "#00a368", "name": "Dark green"}, {"hex": "#00cc78", "name": "Green"}, {"hex": "#7eed56", "name": "Light green"}, {"hex": "#00756f", "name": "Dark teal"}, {"hex": "#009eaa", "name": "Teal"}, {"hex": "#00ccc0", "name": "Light teal"}, {"hex": "#2450a4", "name": "Dark blue"}, {"hex": "#3690ea", "name": "Blue"}, {"hex": "#51e9f4", "name": "Light blue"}, {"hex": "#493ac1", "name": "Indigo"}, {"hex": "#6a5cff", "name": "Periwinkle"}, {"hex": "#94b3ff", "name": "Lavender"}, {"hex": "#811e9f", "name": "Dark purple"}, {"hex": "#b44ac0", "name": "Purple"}, {"hex": "#e4abff", "name": "Pale purple"}, {"hex": "#de107f", "name": "Magenta"}, {"hex": "#ff3881", "name": "Pink"}, {"hex": "#ff99aa", "name": "Light pink"}, {"hex": "#6d482f", "name": "Dark brown"}, {"hex": "#9c6926", "name": "Brown"}, {"hex": "#ffb470", "name": "Beige"}] as const;

export const REASONS = {"rate_limited": "You are placing faster than the limit allows; wait retryAfterMs.", "locked": "This region is locked by a moderator.", "out_of_bounds": "The position is outside the canvas.", "bad_color": "The colour is not in the palette.", "banned": "This user may not place pixels.", "paused": "The canvas is paused by a moderator.", "read_only": "This session may watch but not draw.", "unavailable": "The canvas cannot save changes right now; nothing was placed.", "malformed": "The message could not be understood.", "unknown_type": "There is no message of this type.", "too_large": "The message is larger than allowed.", "duplicate": "This id was already used for a different request.", "unauthorized": "A valid session is required.", "expired": "The session has expired.", "forbidden": "This session's role does not allow that.", "foreign_origin": "Pages of this origin may not connect.", "unsupported_protocol": "None of the offered subprotocols is spoken here.", "too_many_connections": "This address has too many open connections.", "unknown_canvas": "There is no canvas of this name.", "not_found": "There is nothing here.", "conflict": "Somebody else changed this first.", "flood": "Too many messages; the connection is closed.", "slow_consumer": "The connection does not keep up; it is closed.", "idle": "Nothing was heard for too long; the connection is closed.", "shutting_down": "The server is restarting; reconnect in a moment.", "internal": "Something went wrong on the server."} as const;

export const CLOSE_CODES = {"NORMAL": 1000, "UNSUPPORTED_DATA": 1003, "POLICY_VIOLATION": 1008, "MESSAGE_TOO_BIG": 1009, "INTERNAL_ERROR": 1011, "SERVICE_RESTART": 1012, "TRY_AGAIN_LATER": 1013, "EXPIRED": 4001, "FLOOD": 4002, "SLOW_CONSUMER": 4003, "IDLE": 4004} as const;

export type ReasonCode = "rate_limited" | "locked" | "out_of_bounds" | "bad_color" | "banned" | "paused" | "read_only" | "unavailable" | "malformed" | "unknown_type" | "too_large" | "duplicate" | "unauthorized" | "expired" | "forbidden" | "foreign_origin" | "unsupported_protocol" | "too_many_connections" | "unknown_canvas" | "not_found" | "conflict" | "flood" | "slow_consumer" | "idle" | "shutting_down" | "internal";

export type Mode = "live" | "catching-up" | "reload" | "degraded";

export type Role = "viewer" | "painter" | "moderator" | "admin";

export type Tool = "brush" | "eraser" | "script";

/** A curated colour: "#rrggbb" and its name. */
export interface SwatchInfo {
  readonly hex: string;
  readonly name: string;
}

/** The placement limits: tokens a second and the size of a full bucket, for each user and each address. */
export interface LimitsInfo {
  readonly rate: number;
  readonly burst: number;
  readonly addressRate: number;
  readonly addressBurst: number;
}

/** A locked rectangle. */
export interface LockInfo {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly by: string;
  readonly reason: string;
}

/** Who the server takes this socket for; `tokens` is what the user's bucket held when the message was made. */
export interface You {
  readonly user: string;
  readonly name?: string;
  readonly role: Role;
  readonly tokens: number;
}

/** Ask for one pixel; answered by exactly one `pixel:ack` or `pixel:reject` with the same `id`. */
export interface PixelUpdate {
  readonly type: "pixel:update";
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly color: number | string;
  readonly tool: Tool;
  readonly clientTimestamp?: number;
  readonly stroke?: number;
}

/** A stroke begins; its placements carry the same `stroke` number. */
export interface StrokeStart {
  readonly type: "pixel:stroke:start";
  readonly stroke: number;
  readonly color: number | string;
  readonly tool: Tool;
}

/** A stroke is complete. */
export interface StrokeEnd {
  readonly type: "pixel:stroke:end";
  readonly stroke: number;
}

/** Sent by the client every 15 s with its own clock `t`; answered by `HeartbeatReply`. */
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly t: number;
}

/** The first message, and again whenever one of its fields other than `seq` and `checksum` changes. */
export interface CanvasStateMessage {
  readonly type: "canvas:state";
  readonly version: number;
  readonly canvas: string;
  readonly epoch: string;
  readonly width: number;
  readonly height: number;
  readonly seq: number;
  readonly checksum: number;
  readonly mode: Mode;
  readonly palette: readonly (SwatchInfo)[];
  readonly limits: LimitsInfo;
  readonly locks: readonly (LockInfo)[];
  readonly paused: boolean;
  readonly notice?: string;
  readonly you: You;
}

/** Changes `first` to `seq`, the last colour of each changed cell as [x, y, color]. */
export interface PixelBulkUpdate {
  readonly type: "pixel:bulk_update";
  readonly first: number;
  readonly seq: number;
  readonly pixels: readonly (readonly [number, number, number])[];
}

/** The placements with these ids are durable and part of the canvas at `seq`. */
export interface PixelAck {
  readonly type: "pixel:ack";
  readonly id: number | readonly (number)[];
  readonly seq: number;
}

/** The placement was refused and changed nothing; `color` is the colour that stands at (x, y). */
export interface PixelReject {
  readonly type: "pixel:reject";
  readonly id?: number;
  readonly reason: ReasonCode;
  readonly message?: string;
  readonly retryAfterMs?: number;
  readonly x?: number;
  readonly y?: number;
  readonly color?: number;
}

/** Nobody places inside this rectangle after `seq`. */
export interface ModerationLock {
  readonly type: "moderation:lock";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly lock: LockInfo;
}

/** The lock with this id is gone. */
export interface ModerationUnlock {
  readonly type: "moderation:unlock";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly lock: string;
}

/** A rectangle was set back; `pixels` are the cells that changed. */
export interface ModerationRewind {
  readonly type: "moderation:rewind";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly (readonly [number, number, number])[];
}

/** A user may not place until `until` (0: the ban is lifted; missing: for good). */
export interface ModerationBan {
  readonly type: "moderation:ban";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly user: string;
  readonly until?: number;
}

/** The curated colours changed; all 32 of them follow. */
export interface ModerationPalette {
  readonly type: "moderation:palette";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly palette: readonly (SwatchInfo)[];
}

/** The placement limits changed; buckets start full. */
export interface ModerationLimits {
  readonly type: "moderation:limits";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly limits: LimitsInfo;
}

/** The canvas was paused or resumed. */
export interface ModerationPause {
  readonly type: "moderation:pause";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly paused: boolean;
}

/** A notice from the moderators to everybody; an empty text takes it away. */
export interface ModerationNotice {
  readonly type: "moderation:notice";
  readonly seq: number;
  readonly by: string;
  readonly reason: string;
  readonly text: string;
}

/** The answer to `heartbeat`: the client's `t`, the server's clock, and its head as `seq` and `checksum`. */
export interface HeartbeatReply {
  readonly type: "heartbeat";
  readonly t: number;
  readonly serverTime: number;
  readonly seq: number;
  readonly checksum: number;
  readonly online: number;
}

export type ClientMessage = PixelUpdate | StrokeStart | StrokeEnd | Heartbeat;

export type ServerMessage = CanvasStateMessage | PixelBulkUpdate | PixelAck | PixelReject | ModerationLock | ModerationUnlock | ModerationRewind | ModerationBan | ModerationPalette | ModerationLimits | ModerationPause | ModerationNotice | HeartbeatReply;
