import { usePage, useValue } from "../store/hooks";
import type { Toast } from "../store/toasts";
import { Icon, type IconName } from "./icons";

const ICONS: Readonly<Record<Toast["tone"], IconName>> = { warning: "warning", info: "info", good: "check" };

/** The client's messages. Which ones, how many and how long is decided in store/toasts. */
export function ToastList() {
  const { client } = usePage();
  const toasts = useValue(client.toasts.list);
  const hold = (held: boolean) => () => client.toasts.hold(held);
  return (
    <ul
      className="toasts"
      aria-live="polite"
      aria-label="Messages"
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      {toasts.map((toast) => (
        <li
          key={toast.key}
          className="toast"
          data-testid="toast"
          data-reason={toast.key}
          data-tone={toast.tone}
        >
          <Icon name={ICONS[toast.tone]} size={18} />
          <span>
            {toast.text}
            {toast.count > 1 && <span className="count"> ×{toast.count}</span>}
          </span>
          <button
            type="button"
            className="dismiss"
            aria-label="Dismiss"
            onClick={() => {
              client.toasts.hold(false);
              client.toasts.dismiss(toast.key);
            }}
          >
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
