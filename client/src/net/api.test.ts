import { afterEach, expect, test, vi } from "vitest";
import { checksumOf } from "../protocol/checksum";
import { ApiError, createApi, readBitmap } from "./api";

const PIXELS = Uint8Array.of(0, 1, 2, 3, 4, 5);

function answer(headers: Record<string, string> = {}, body: BodyInit = PIXELS): Response {
  return new Response(body, {
    headers: {
      "Pixels-Epoch": "e1",
      "Pixels-Seq": "9",
      "Pixels-Width": "3",
      "Pixels-Height": "2",
      "Pixels-Checksum": String(checksumOf(PIXELS)),
      ...headers,
    },
  });
}

afterEach(() => vi.unstubAllGlobals());

test("a bitmap with its headers", async () => {
  expect(await readBitmap(answer())).toEqual({ width: 3, height: 2, pixels: PIXELS, epoch: "e1", seq: 9 });
});

test.each([
  ["too short", { "Pixels-Width": "4" }],
  ["without a seq", { "Pixels-Seq": "x" }],
  ["damaged", { "Pixels-Checksum": "1" }],
])("a bitmap that is %s is refused", async (_, headers) => {
  await expect(readBitmap(answer(headers))).rejects.toThrow(ApiError);
});

test("a fresh bitmap goes past the cache, the first one revalidates", async () => {
  const fetch = vi.fn(async () => answer());
  vi.stubGlobal("fetch", fetch);
  const api = createApi("main");
  await api.fetchBitmap(false);
  await api.fetchBitmap(true);
  const calls = fetch.mock.calls as unknown as [string, RequestInit][];
  expect(calls.map(([path, init]) => [path, init.cache])).toEqual([
    ["/api/canvas/main/bitmap", "no-cache"],
    ["/api/canvas/main/bitmap", "reload"],
  ]);
});

test("a problem becomes an error with its reason code", async () => {
  const problem = { title: "Too many", status: 429, detail: "Slow down.", code: "rate_limited" };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(problem), { status: 429 }));
  await expect(createApi("main").createSession()).rejects.toMatchObject({
    status: 429,
    code: "rate_limited",
    message: "Slow down.",
  });
});

test("signing in sends the token as bearer, a name in the body, signing out deletes", async () => {
  const fetch = vi.fn(async () => new Response("{}"));
  vi.stubGlobal("fetch", fetch);
  const api = createApi("main");
  await api.createSession();
  await api.createSession({ token: "abc" });
  await api.createSession({ name: "Ada" });
  await api.endSession();
  const calls = fetch.mock.calls as unknown as [string, RequestInit & { headers?: Record<string, string> }][];
  expect(calls.map(([, init]) => [init.method, init.headers?.authorization, init.body])).toEqual([
    ["POST", undefined, "{}"],
    ["POST", "Bearer abc", "{}"],
    ["POST", undefined, '{"name":"Ada"}'],
    ["DELETE", undefined, undefined],
  ]);
});
