// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiError, type Session } from "../net/api";
import { createPage, renderIn } from "../testing/page";
import { NoticeBar } from "./NoticeBar";
import { Sheets } from "./Sheets";

const GUEST: Session = { user: "u_1", name: null, role: "painter", expiresAt: 0 };
const TOKEN = "eyJ1c2VyIjoi.abcdef";

let page: ReturnType<typeof createPage>;

beforeEach(async () => {
  localStorage.clear();
  page = createPage({
    createSession: async ({ token, name } = {}) => {
      if (token === undefined) return { ...GUEST, name: name || null };
      if (token !== TOKEN) throw new ApiError(401, "expired", "The session has expired.");
      return { ...GUEST, user: "u_m", name: "Mo", role: "moderator" };
    },
    endSession: async () => undefined,
  });
  renderIn(page, <Sheets />);
  act(() => void page.actions.sheet.set("session"));
  await screen.findByTestId("session-sheet");
});

afterEach(cleanup);

const result = (text: string) =>
  waitFor(() => expect(screen.getByTestId("session-result").textContent).toBe(text));
const type = (id: string, value: string) => fireEvent.change(screen.getByTestId(id), { target: { value } });

test("a name, if one likes", async () => {
  type("name-input", " Ada ");
  fireEvent.click(screen.getByTestId("save-name"));
  await result("You are Ada now.");
  expect(screen.getByTestId("session-name").textContent).toBe("Ada");
});

test("signing in with a pasted link shows the role", async () => {
  type("token-input", `https://pixels.example/#signin=${TOKEN}`);
  fireEvent.click(screen.getByTestId("sign-in"));
  await result("You are signed in.");
  expect(screen.getByTestId("session-role").dataset.role).toBe("moderator");
});

test("what is no token, or not valid any more, is said", async () => {
  type("token-input", "my password");
  fireEvent.click(screen.getByTestId("sign-in"));
  await result("This is neither a sign-in link nor a token.");
  type("token-input", "eyJ1c2VyIjoi.wrong");
  fireEvent.click(screen.getByTestId("sign-in"));
  await result("The session has expired.");
});

test("signing out", async () => {
  fireEvent.click(screen.getByTestId("sign-out"));
  await result("You are a new guest now.");
});

test("blocked cookies, other versions and a lost surface: a plain sentence each, with a way on", () => {
  renderIn(page, <NoticeBar />);
  const says = () => screen.getByTestId("notice").textContent;
  act(() => void page.client.status.patch({ mode: "offline", hasBitmap: true, cookiesBlocked: true }));
  expect(says()).toMatch(/blocks cookies here.*Reload$/);
  act(() => void page.client.status.patch({ version: "newer" }));
  expect(says()).toMatch(/^Pixels was updated/);
  act(() => void page.client.status.patch({ version: "older" }));
  expect(says()).toMatch(/^This page is newer than the server/);
  act(() => void page.client.surfaceLost.set(true));
  expect(says()).toMatch(/drawing surface/);
});
