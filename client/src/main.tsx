import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { config, socketUrl } from "./config";
import { createApi } from "./net/api";
import { tickInBackground } from "./net/backgroundTicks";
import { createClock } from "./net/clock";
import { tokenInHash } from "./net/signInLink";
import { openWebSocket } from "./net/socket";
import { keepForOffline } from "./offline/register";
import { Actions } from "./store/actions";
import { PixelsClient } from "./store/client";
import { installTestHook } from "./testHook";
import "./styles/base.css";
import "./styles/forms.css";
import "./styles/layout.css";
import "./styles/panels.css";
import "./styles/palette.css";
import "./styles/readout.css";
import "./styles/overlays.css";
import "./styles/sheets.css";

/** A random whole number below 2^`bits`, at most 52. */
function randomBits(bits: number): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return Math.floor(((high * 2 ** 20 + (low >>> 12)) / 2 ** 52) * 2 ** bits);
}

/** Take the token of a sign-in link out of the address, at once: nobody shall read it there or share it by accident. */
function takeLinkToken(): string | null {
  const token = tokenInHash(window.location.hash);
  if (window.location.hash.includes("signin="))
    history.replaceState(history.state, "", window.location.pathname + window.location.search);
  return token;
}

const client = new PixelsClient({
  name: config.canvas,
  api: createApi(config.canvas),
  openSocket: openWebSocket,
  socketUrl,
  now: createClock(() => performance.timeOrigin + performance.now(), Date.now),
  random: Math.random,
  linkToken: takeLinkToken(),
  firstId: randomBits(52),
  firstStroke: 1 + randomBits(31),
});

// The requests leave before React starts.
client.connection.start();
tickInBackground(() => client.connection.tick());
const wake = () => client.connection.wake();
window.addEventListener("online", wake);
window.addEventListener("offline", wake);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") wake();
});
window.addEventListener("hashchange", () => {
  const token = takeLinkToken();
  if (token) client.signInByLink(token);
  else client.controller.openHash(window.location.hash);
});
installTestHook(client);
keepForOffline();

const page = { client, actions: new Actions(client) };
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <ErrorBoundary>
      <App page={page} />
    </ErrorBoundary>
  </StrictMode>,
);
