/** Small things this browser remembers; without storage (private windows, blocked cookies) it simply forgets. */

const PREFIX = "pixels.";

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Nothing to do: the page works without it.
  }
}
