/** Says things to screen readers, politely: of many in a row only the last is said. */

import { Observable } from "./observable";

const QUIET_MS = 250;

export class Announcer {
  readonly text = new Observable("");
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // A space more or less, so that saying the same again is a change too.
      this.text.set(text === this.text.get() ? `${text}\u00a0` : text);
    }, QUIET_MS);
  }
}
