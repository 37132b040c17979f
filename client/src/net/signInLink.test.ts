import { expect, test } from "vitest";
import { readToken, tokenInHash } from "./signInLink";

test.each([
  ["#signin=eyJ1c2VyIjoi.abc-_", "eyJ1c2VyIjoi.abc-_"],
  ["#signin=eyJ1c2Vy%3D%3D", "eyJ1c2Vy=="],
  ["#1,2,3&signin=eyJ1c2VyIjoi", "eyJ1c2VyIjoi"],
  ["#signin=", null],
  ["#signin=short", null],
  ["#signin=%E0%A4%A", null],
  ["#450,450,8", null],
  ["", null],
])("%j has %j", (hash, token) => expect(tokenInHash(hash)).toBe(token));

test("a link or the token alone may be pasted", () => {
  expect(readToken("  eyJ1c2VyIjoi.abc\n")).toBe("eyJ1c2VyIjoi.abc");
  expect(readToken("https://pixels.example/#signin=eyJ1c2VyIjoi.abc")).toBe("eyJ1c2VyIjoi.abc");
  expect([readToken("hello world, this is me"), readToken("https://pixels.example/#1,2")]).toEqual([
    null,
    null,
  ]);
});
