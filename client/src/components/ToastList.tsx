import { useEffect } from "react";
import { resolveValue, type ToastType, useToaster } from "react-hot-toast/headless";
import { usePage } from "../store/hooks";
import { Icon, type IconName } from "./icons";

const LOOKS: Readonly<Record<ToastType, { tone: string; icon: IconName }>> = {
  error: { tone: "warning", icon: "warning" },
  success: { tone: "good", icon: "check" },
  blank: { tone: "info", icon: "info" },
  custom: { tone: "info", icon: "info" },
  loading: { tone: "info", icon: "info" },
};
const MOST = 3;

/** The client's messages, the newest last; they stay while somebody points at them or has the focus in them. */
export function ToastList() {
  const { toasts: book } = usePage().client;
  const { toasts, handlers } = useToaster(undefined, book.toaster);
  const shown = toasts.filter((one) => one.visible);
  const latest = shown.sort((one, other) => one.createdAt - other.createdAt).slice(-MOST);
  useEffect(
    () => book.keep(new Set(toasts.filter((one) => one.visible).map((one) => one.id))),
    [book, toasts],
  );
  return (
    <ul
      className="toasts"
      aria-live="polite"
      aria-label="Messages"
      onMouseEnter={handlers.startPause}
      onMouseLeave={handlers.endPause}
      onFocus={handlers.startPause}
      onBlur={handlers.endPause}
    >
      {latest.map((one) => (
        <li
          key={one.id}
          className="toast"
          data-testid="toast"
          data-reason={one.id}
          data-tone={LOOKS[one.type].tone}
        >
          <Icon name={LOOKS[one.type].icon} size={18} />
          <span>
            {resolveValue(one.message, one)}
            {/* Seen, but not spoken: a stroke along a lock would never stop talking. */}
            {book.count(one.id) > 1 && (
              <span className="count" aria-hidden="true">
                {` ×${book.count(one.id)}`}
              </span>
            )}
          </span>
          <button
            type="button"
            className="dismiss"
            aria-label="Dismiss"
            onClick={() => {
              handlers.endPause();
              book.dismiss(one.id);
            }}
          >
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
