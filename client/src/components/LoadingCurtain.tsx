import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";

function failure(): string {
  return navigator.onLine === false
    ? "You are offline, so the server cannot be reached. The canvas comes as soon as you are back."
    : "The server cannot be reached. Trying again…";
}

/** Before the first bitmap there is nothing to show but that it is on its way, or why it is not. */
export function LoadingCurtain() {
  const { client } = usePage();
  const { hasBitmap, mode } = useValue(client.status);
  if (hasBitmap) return null;
  const failed = mode === "offline";
  return (
    <div className="panel curtain" data-testid="curtain">
      {failed ? <Icon name="offline" size={28} /> : <span className="spinner" />}
      <p role="status">{failed ? failure() : "Loading the canvas…"}</p>
      {failed && (
        <button type="button" className="primary" onClick={() => client.connection.wake()}>
          Try now
        </button>
      )}
    </div>
  );
}
