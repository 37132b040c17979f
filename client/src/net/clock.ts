/** Milliseconds since the Unix epoch that never go back, and go on while the computer sleeps. */

/** The two clocks of a browser differ by less than this between two looks, unless the computer slept. */
const SLEPT_MS = 2_000;

/**
 * Return a clock made of two: `steady` never jumps, but in some browsers it stands still during sleep; `wall` goes on,
 * but people and time servers set it. What the wall clock gained by more than 2 s since the last look counts as sleep.
 */
export function createClock(steady: () => number, wall: () => number): () => number {
  let [lastSteady, lastWall] = [steady(), wall()];
  let slept = 0;
  return () => {
    const gained = wall() - lastWall - (steady() - lastSteady);
    if (gained > SLEPT_MS) slept += gained;
    [lastSteady, lastWall] = [steady(), wall()];
    return lastSteady + slept;
  };
}
