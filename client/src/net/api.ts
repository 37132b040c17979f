/** The REST requests of the client. */

import type { Bitmap } from "../model/canvas";
import type { PixelRecord } from "../model/pixelRecord";
import { checksumOf } from "../protocol/checksum";
import type { Role } from "../protocol/messages.gen";

const TIMEOUT_MS = 20_000;

export interface Session {
  readonly user: string;
  readonly name: string | null;
  readonly role: Role;
  readonly expiresAt: number | string;
}

/** The numbers people like to see. */
export interface Statistics {
  readonly placements: number;
  readonly painters: number;
  readonly pixelsPerMinute: number;
}

/** An answer that is no success; `code` is a reason code where the server named one. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, code: string | null, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export interface SessionWish {
  /** Sign in as whoever this token was made for. */
  readonly token?: string;
  /** A display name; empty for none. */
  readonly name?: string;
}

export interface Api {
  /** Get a session or keep the present one; the cookie does the rest. */
  createSession(wish?: SessionWish): Promise<Session>;
  /** The session of the cookie; ApiError 401 where there is none. */
  showSession(): Promise<Session>;
  endSession(): Promise<void>;
  fetchStatistics(signal: AbortSignal): Promise<Statistics>;
  /** Who placed a pixel and when. */
  fetchPixel(x: number, y: number, signal: AbortSignal): Promise<PixelRecord>;
  /** Fetch the bitmap; `fresh` passes by every cache. */
  fetchBitmap(fresh: boolean): Promise<Bitmap>;
}

export function createApi(canvas: string): Api {
  return {
    createSession: async ({ token, name } = {}) => {
      const answer = await request("/api/session", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(name === undefined ? {} : { name }),
      });
      return (await answer.json()) as Session;
    },
    showSession: async () => (await (await request("/api/session", {})).json()) as Session,
    endSession: async () => void (await request("/api/session", { method: "DELETE" })),
    fetchStatistics: async (signal) => {
      const answer = await request(`/api/canvas/${canvas}/statistics`, { signal });
      return (await answer.json()) as Statistics;
    },
    fetchPixel: async (x, y, signal) => {
      const answer = await request(`/api/canvas/${canvas}/pixel/${x}/${y}?limit=1`, { signal });
      return (await answer.json()) as PixelRecord;
    },
    fetchBitmap: async (fresh) => {
      const path = `/api/canvas/${canvas}/bitmap`;
      return readBitmap(await request(path, { cache: fresh ? "reload" : "no-cache" }));
    },
  };
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(path, {
    credentials: "same-origin",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...init,
  });
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function problem(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
  return new ApiError(answer.status, code ?? null, detail ?? `The server answered ${answer.status}.`);
}

/** Read a bitmap and check it against its own headers. */
export async function readBitmap(answer: Response): Promise<Bitmap> {
  const number = (name: string) => Number(answer.headers.get(name) ?? Number.NaN);
  const [width, height, seq] = [number("Pixels-Width"), number("Pixels-Height"), number("Pixels-Seq")];
  const epoch = answer.headers.get("Pixels-Epoch");
  const pixels = new Uint8Array(await answer.arrayBuffer());
  if (!epoch || !Number.isSafeInteger(seq) || pixels.length !== width * height) {
    throw new ApiError(answer.status, null, "The bitmap is incomplete.");
  }
  const checksum = answer.headers.get("Pixels-Checksum");
  if (checksum !== null && Number(checksum) !== checksumOf(pixels)) {
    throw new ApiError(answer.status, null, "The bitmap does not match its checksum.");
  }
  return { width, height, pixels, epoch, seq };
}
