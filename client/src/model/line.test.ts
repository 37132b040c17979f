import fc from "fast-check";
import { expect, test } from "vitest";
import { line } from "./line";

test("a line has no gap, both ends, and no cell more than needed", () => {
  const point = fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.integer({ min: -50, max: 50 }) });
  fc.assert(
    fc.property(point, point, (from, to) => {
      const way = line(from, to);
      expect([way[0], way[way.length - 1]]).toEqual([from, to]);
      expect(way).toHaveLength(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) + 1);
      for (let index = 1; index < way.length; index++) {
        const step = Math.max(
          Math.abs(way[index].x - way[index - 1].x),
          Math.abs(way[index].y - way[index - 1].y),
        );
        expect(step).toBe(1);
      }
    }),
  );
});
