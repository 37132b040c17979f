import { usePage, useValue } from "../store/hooks";

/** Three lines for the first visit; gone with the first pixel, or when dismissed. */
export function FirstHint() {
  const { client } = usePage();
  const shown = useValue(client.hint);
  const { hasBitmap } = useValue(client.status);
  if (!shown || !hasBitmap) return null;
  return (
    <aside className="panel first-hint" data-testid="hint" aria-label="First steps">
      <ul>
        <li className="with-mouse">
          <strong>Paint:</strong> pick a colour, click or drag.
        </li>
        <li className="with-touch">
          <strong>Paint:</strong> pick a colour, tap a cell.
        </li>
        <li className="with-mouse">
          <strong>Look:</strong> scroll to zoom, hold Space to drag.
        </li>
        <li className="with-touch">
          <strong>Look:</strong> zoom with two fingers.
        </li>
        <li className="with-touch">
          <strong>Together:</strong> all see it at once.
        </li>
        <li className="with-mouse">
          <strong>Together:</strong> everybody sees it at once.
        </li>
      </ul>
      <button type="button" className="primary" onClick={() => client.dismissHint()}>
        Got it
      </button>
    </aside>
  );
}

/** Nobody has painted anything yet. */
export function EmptyHint() {
  const { client } = usePage();
  const { isEmpty, mode } = useValue(client.status);
  if (!isEmpty || mode !== "live") return null;
  return (
    <p className="empty-hint" data-testid="empty">
      <strong>This canvas is still empty.</strong>
      <span>Pick a colour and place the first pixel.</span>
    </p>
  );
}
