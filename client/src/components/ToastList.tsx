import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";

export function ToastList() {
  const { client } = usePage();
  const toasts = useValue(client.toasts.list);
  return (
    <ul className="toasts" aria-live="polite" aria-label="Messages">
      {toasts.map((toast) => (
        <li
          key={toast.key}
          className="toast"
          data-testid="toast"
          data-reason={toast.key}
          data-tone={toast.tone}
        >
          <Icon name={toast.tone === "warning" ? "warning" : "info"} size={18} />
          <span>
            {toast.text}
            {toast.count > 1 && <span className="count"> ×{toast.count}</span>}
          </span>
          <button
            type="button"
            className="dismiss"
            aria-label="Dismiss"
            onClick={() => client.toasts.dismiss(toast.key)}
          >
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
