import { type FormEvent, useState } from "react";
import { isolated } from "../model/pixelRecord";
import type { Role } from "../protocol/messages.gen";
import { usePage, useValue } from "../store/hooks";
import { readToken } from "../store/signIn";
import { Icon } from "./icons";
import { Sheet } from "./Sheet";

const ROLES: Readonly<Record<Role, string>> = {
  viewer: "Viewer: may look, not paint",
  painter: "Painter",
  moderator: "Moderator",
  admin: "Administrator",
};

type Result = { readonly good: boolean; readonly text: string } | null;

/** Who one is: a display name, signing in with a link or token, signing out. */
export function SessionSheet() {
  const { client } = usePage();
  const session = useValue(client.session);
  const [result, setResult] = useState<Result>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (work: Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await work;
      setResult({ good: true, text: done });
    } catch (error) {
      setResult({ good: false, text: error instanceof Error ? error.message : "That did not work." });
    }
    setBusy(false);
  };
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    void attempt(
      client.connection.rename(name),
      name ? `You are ${isolated(name)} now.` : "You have no name now.",
    );
  };
  const signIn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const token = readToken(String(new FormData(form).get("token")));
    if (!token) setResult({ good: false, text: "This is neither a sign-in link nor a token." });
    else void attempt(client.connection.signIn(token), "You are signed in.").then(() => form.reset());
  };

  return (
    <Sheet testId="session-sheet" title="You" close="Close your session">
      <div className="session-form">
        <p className="whoami">
          <Icon name="user" size={26} />
          <span className="names">
            <strong data-testid="session-name" dir="auto">
              {session?.name ?? "A guest without a name"}
            </strong>
            <span className="detail" data-testid="session-role" data-role={session?.role}>
              {session ? ROLES[session.role] : "No session yet"}
            </span>
          </span>
        </p>
        <form className="row" onSubmit={rename}>
          <label className="field">
            <span>Display name, if you like one</span>
            <input
              key={session?.name}
              name="name"
              dir="auto"
              data-testid="name-input"
              defaultValue={session?.name ?? ""}
              maxLength={32}
              autoComplete="nickname"
            />
          </label>
          <button type="submit" className="primary" disabled={busy} data-testid="save-name">
            Save
          </button>
        </form>
        <form className="row" onSubmit={signIn}>
          <label className="field">
            <span>Sign in with a link or token</span>
            <input
              name="token"
              type="password"
              data-testid="token-input"
              autoComplete="off"
              spellCheck={false}
            />
          </label>
          <button type="submit" className="primary" disabled={busy} data-testid="sign-in">
            Sign in
          </button>
        </form>
        <p className="result" role="status" data-good={result?.good} data-testid="session-result">
          {result?.text}
        </p>
        <button
          type="button"
          className="secondary"
          disabled={busy}
          data-testid="sign-out"
          onClick={() => void attempt(client.connection.signOut(), "You are a new guest now.")}
        >
          Sign out
        </button>
      </div>
      <p className="footnote">
        Nobody needs an account to paint. This browser remembers you with a cookie; signing out forgets it.
      </p>
    </Sheet>
  );
}
