import { beforeEach, expect, test, vi } from "vitest";
import { type Api, ApiError, type Session, type SessionWish } from "./api";
import { SessionKeeper } from "./session";

const SESSION: Session = { user: "u_1", name: null, role: "painter", expiresAt: 0 };
const REFUSED = new ApiError(401, "expired", "The session has expired.");

const events = { changed: vi.fn(), linkRefused: vi.fn() };
let wishes: (SessionWish | undefined)[];
let answer: (wish?: SessionWish) => Promise<Session>;
let cookie: () => Promise<Session>;

const unasked = () => Promise.reject(new Error("not asked"));
const api: Api = {
  createSession: (wish) => {
    wishes.push(wish);
    return answer(wish);
  },
  showSession: () => cookie(),
  endSession: async () => undefined,
  fetchBitmap: unasked,
  fetchPixel: unasked,
  fetchStatistics: unasked,
};

beforeEach(() => {
  wishes = [];
  answer = async () => ({ ...SESSION, user: `u_${wishes.length}` });
  cookie = async () => SESSION;
  for (const event of Object.values(events)) event.mockReset();
});

test("asked for twice, fetched once", async () => {
  const keeper = new SessionKeeper(api, events);
  const [one, two] = await Promise.all([keeper.ensure(), keeper.ensure()]);
  expect([one.user, two.user, events.changed.mock.calls.length]).toEqual(["u_1", "u_1", 1]);
  keeper.invalidate();
  expect((await keeper.ensure()).user).toBe("u_2");
});

test("a failure is not remembered", async () => {
  answer = () => (wishes.length === 1 ? Promise.reject(new Error("down")) : Promise.resolve(SESSION));
  const keeper = new SessionKeeper(api, events);
  await expect(keeper.ensure()).rejects.toThrow("down");
  expect(await keeper.ensure()).toBe(SESSION);
});

test("a sign-in link is used once, and kept while the server is away", async () => {
  answer = () => (wishes.length === 1 ? Promise.reject(new Error("down")) : Promise.resolve(SESSION));
  const keeper = new SessionKeeper(api, events, "abc");
  await expect(keeper.ensure()).rejects.toThrow("down");
  await keeper.ensure();
  keeper.invalidate();
  await keeper.ensure();
  expect(wishes).toEqual([{ token: "abc" }, { token: "abc" }, undefined]);
});

test("a link that is not valid any more is said, and the page goes on", async () => {
  answer = (wish) => (wish ? Promise.reject(REFUSED) : Promise.resolve(SESSION));
  const keeper = new SessionKeeper(api, events, "old");
  expect(await keeper.ensure()).toBe(SESSION);
  expect(events.linkRefused).toHaveBeenCalledTimes(1);
});

test("signing in, renaming and signing out", async () => {
  const keeper = new SessionKeeper(api, events);
  await keeper.ensure();
  await keeper.signIn("abc");
  await keeper.rename("Ada");
  expect((await keeper.ensure()).user).toBe("u_3");
  await keeper.signOut();
  expect((await keeper.ensure()).user).toBe("u_4");
  expect(wishes).toEqual([undefined, { token: "abc" }, { name: "Ada" }, undefined]);
});

test("a token that is refused leaves the session alone", async () => {
  const keeper = new SessionKeeper(api, events);
  await keeper.ensure();
  answer = () => Promise.reject(REFUSED);
  await expect(keeper.signIn("bad")).rejects.toThrow("expired");
  expect((await keeper.ensure()).user).toBe("u_1");
});

test("whether the browser keeps the cookie", async () => {
  const keeper = new SessionKeeper(api, events);
  expect(await keeper.hasCookie()).toBe(true);
  cookie = () => Promise.reject(REFUSED);
  expect(await keeper.hasCookie()).toBe(false);
  cookie = () => Promise.reject(new Error("down"));
  expect(await keeper.hasCookie()).toBeNull();
});
