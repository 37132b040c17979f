import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "./announcer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("walking over many cells says the last one only", () => {
  const announcer = new Announcer();
  const said: string[] = [];
  announcer.text.subscribe(() => said.push(announcer.text.get()));
  for (let x = 0; x < 20; x++) announcer.say(`Column ${x}`);
  vi.advanceTimersByTime(300);
  expect(said).toEqual(["Column 19"]);
});

test("the same again is said again", () => {
  const announcer = new Announcer();
  const listener = vi.fn();
  announcer.text.subscribe(listener);
  for (let time = 0; time < 3; time++) {
    announcer.say("Placed Red");
    vi.advanceTimersByTime(300);
  }
  expect(listener).toHaveBeenCalledTimes(3);
});
