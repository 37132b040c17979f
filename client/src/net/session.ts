/** Keeps a valid session: fetched once, again after the server refused or ended it. */

import { type Api, ApiError, type Session } from "./api";

export interface SessionEvents {
  /** Whose session this page has from now on. */
  changed(session: Session): void;
  /** The token of a sign-in link is not valid (any more); the page goes on with the session it had. */
  linkRefused(): void;
}

export class SessionKeeper {
  private current: Promise<Session> | null = null;
  private readonly api: Api;
  private readonly events: SessionEvents;
  private linkToken: string | null;

  /** `linkToken`: from a sign-in link, used with the first request. */
  constructor(api: Api, events: SessionEvents, linkToken: string | null = null) {
    this.api = api;
    this.events = events;
    this.linkToken = linkToken;
  }

  /** Return the session; requests made at the same time share one answer. */
  ensure(): Promise<Session> {
    this.current ??= this.keep(this.open());
    return this.current;
  }

  /** The next `ensure` asks the server again. */
  invalidate(): void {
    this.current = null;
  }

  /** Take over the session of a token; throws ApiError where it is not valid, and the present one stays. */
  async signIn(token: string): Promise<Session> {
    const session = await this.api.createSession({ token });
    return this.keep(Promise.resolve(session));
  }

  async rename(name: string): Promise<Session> {
    const session = await this.api.createSession({ name });
    return this.keep(Promise.resolve(session));
  }

  /** Forget who this was; the next `ensure` opens a session of a guest. */
  async signOut(): Promise<void> {
    await this.api.endSession();
    this.invalidate();
  }

  /** Whether the browser keeps the session's cookie; null where the server does not say. */
  async hasCookie(): Promise<boolean | null> {
    try {
      await this.api.showSession();
      return true;
    } catch (error) {
      return error instanceof ApiError && error.status === 401 ? false : null;
    }
  }

  private async open(): Promise<Session> {
    const token = this.linkToken;
    if (token === null) return this.api.createSession();
    try {
      const session = await this.api.createSession({ token });
      this.linkToken = null;
      return session;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.linkToken = null;
      this.events.linkRefused();
      return this.api.createSession();
    }
  }

  private keep(opening: Promise<Session>): Promise<Session> {
    const kept = opening.then(
      (session) => {
        this.events.changed(session);
        return session;
      },
      (error: unknown) => {
        if (this.current === kept) this.current = null;
        throw error;
      },
    );
    this.current = kept;
    return kept;
  }
}
