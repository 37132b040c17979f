import { useEffect, useId, useRef } from "react";
import type { Mode } from "../model/syncTypes";
import { usePage, useValue } from "../store/hooks";
import { Icon, type IconName, Logo } from "./icons";
import { StatusDetails } from "./StatusDetails";

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
  const { client, actions } = usePage();
  const { mode, online, roundTripMs, waiting, version } = useValue(client.status);
  const open = useValue(actions.details);
  const slot = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (slot.current?.contains(event.target as Node)) return;
      actions.details.set(false);
      // A click that puts the details away was not meant to paint.
      if (event.target instanceof HTMLCanvasElement) event.stopPropagation();
    };
    window.addEventListener("pointerdown", outside, true);
    return () => window.removeEventListener("pointerdown", outside, true);
  }, [open, actions]);

  const look = LOOKS[mode];
  const connected = mode === "live" || mode === "catching-up" || mode === "degraded";
  return (
    <div ref={slot} className="status-slot">
      <button
        type="button"
        className="pill status"
        data-testid="status"
        data-mode={mode}
        title={look.hint}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => actions.details.set(!open)}
      >
        <Logo />
        <span className="wordmark">Pixels</span>
        <span className="state">
          <Icon name={look.icon} size={16} />
          {look.text}
          {mode === "offline" && version === null && <span className="detail"> · reconnecting</span>}
        </span>
        {waiting > 0 && <span className="detail">{waiting} waiting</span>}
        {connected && online > 0 && (
          <span className="detail wide" title="People connected right now">
            {online.toLocaleString("en")} online
          </span>
        )}
        {connected && roundTripMs !== null && (
          <span className="detail wide" title="Round trip to the server">
            {roundTripMs} ms
          </span>
        )}
      </button>
      <span className="visually-hidden" role="status">
        {look.text}
      </span>
      {open && <StatusDetails id={id} hint={look.hint} />}
    </div>
  );
}
