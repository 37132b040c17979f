/** Keeps a valid session: fetched once, again after the server refused or ended it. */

import type { Api, Session } from "./api";

export class SessionKeeper {
  private current: Promise<Session> | null = null;
  private readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  /** Return the session; requests made at the same time share one answer. */
  ensure(): Promise<Session> {
    this.current ??= this.api.createSession().catch((error: unknown) => {
      this.current = null;
      throw error;
    });
    return this.current;
  }

  /** The next `ensure` asks the server again. */
  invalidate(): void {
    this.current = null;
  }
}
