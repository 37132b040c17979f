import { expect, test } from "vitest";
import type { Api, Session } from "./api";
import { SessionKeeper } from "./session";

const SESSION: Session = { user: "u_1", name: null, role: "painter", expiresAt: 0 };

function apiThat(createSession: Api["createSession"]): Api {
  const unasked = () => Promise.reject(new Error("not asked"));
  return { createSession, fetchBitmap: unasked, fetchPixel: unasked, fetchStatistics: unasked };
}

test("asked for twice, fetched once", async () => {
  let calls = 0;
  const keeper = new SessionKeeper(apiThat(async () => ({ ...SESSION, user: `u_${++calls}` })));
  const [one, two] = await Promise.all([keeper.ensure(), keeper.ensure()]);
  expect([one.user, two.user]).toEqual(["u_1", "u_1"]);
  keeper.invalidate();
  expect((await keeper.ensure()).user).toBe("u_2");
});

test("a failure is not remembered", async () => {
  const answers = [Promise.reject(new Error("down")), Promise.resolve(SESSION)];
  const keeper = new SessionKeeper(apiThat(() => answers.shift() as Promise<Session>));
  await expect(keeper.ensure()).rejects.toThrow("down");
  expect(await keeper.ensure()).toBe(SESSION);
});
