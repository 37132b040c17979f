import type { Mode } from "../model/syncTypes";
import { usePage, useValue } from "../store/hooks";
import { Icon, type IconName, Logo } from "./icons";

const LOOKS: Readonly<
  Record<Mode, { readonly icon: IconName; readonly text: string; readonly hint: string }>
> = {
  live: { icon: "live", text: "Live", hint: "Connected: you see every change as it happens." },
  "catching-up": { icon: "sync", text: "Catching up", hint: "Connected: what you missed is on its way." },
  loading: {
    icon: "sync",
    text: "Loading",
    hint: "The canvas is being fetched. Painting starts in a moment.",
  },
  degraded: {
    icon: "warning",
    text: "Degraded",
    hint: "The server cannot save changes right now. Painting is off until it recovers.",
  },
  offline: {
    icon: "offline",
    text: "Offline",
    hint: "No connection: what you see may be out of date. Painting is off until it is back.",
  },
};

export function StatusPill() {
  const { client } = usePage();
  const { mode, online, roundTripMs, waiting } = useValue(client.status);
  const look = LOOKS[mode];
  const connected = mode === "live" || mode === "catching-up" || mode === "degraded";
  return (
    <div className="pill status" data-testid="status" data-mode={mode} title={look.hint}>
      <Logo />
      <span className="wordmark">Pixels</span>
      <span className="state" role="status">
        <Icon name={look.icon} size={16} />
        {look.text}
        {mode === "offline" && <span className="detail"> · reconnecting</span>}
      </span>
      {waiting > 0 && <span className="detail">{waiting} waiting</span>}
      {connected && online > 0 && (
        <span className="detail" title="People connected right now">
          {online.toLocaleString("en")} online
        </span>
      )}
      {connected && roundTripMs !== null && (
        <span className="detail wide" title="Round trip to the server">
          {roundTripMs} ms
        </span>
      )}
    </div>
  );
}
