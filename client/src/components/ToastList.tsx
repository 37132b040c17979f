import { useEffect } from "react";
import { toast as sonner, Toaster } from "sonner";
import { usePage, useValue } from "../store/hooks";
import type { Toast } from "../store/toasts";
import { Icon, type IconName } from "./icons";

const ICONS: Readonly<Record<Toast["tone"], IconName>> = { warning: "warning", info: "info", good: "check" };

/** Shows the client's messages. Which ones, how many and how long is decided in store/toasts. */
export function ToastList() {
  const { client } = usePage();
  const toasts = useValue(client.toasts.list);

  useEffect(() => {
    const gone = new Set(sonner.getToasts().map(({ id }) => id));
    for (const one of toasts) {
      gone.delete(one.key);
      sonner.custom(() => <Card toast={one} dismiss={() => client.toasts.dismiss(one.key)} />, {
        id: one.key,
        duration: Number.POSITIVE_INFINITY,
        onDismiss: () => client.toasts.dismiss(one.key),
      });
    }
    for (const id of gone) sonner.dismiss(id);
  }, [toasts, client]);

  const hold = (held: boolean) => () => client.toasts.hold(held);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: reading time for whoever points there or has the focus there
    <div onMouseEnter={hold(true)} onMouseLeave={hold(false)} onFocus={hold(true)} onBlur={hold(false)}>
      <Toaster
        className="toaster"
        position="top-center"
        visibleToasts={3}
        expand
        gap={8}
        offset={{ top: 66 }}
        mobileOffset={{ top: 104, left: 10, right: 10 }}
        containerAriaLabel="Messages"
      />
    </div>
  );
}

function Card({ toast, dismiss }: { toast: Toast; dismiss: () => void }) {
  return (
    <div className="toast" data-testid="toast" data-reason={toast.key} data-tone={toast.tone}>
      <Icon name={ICONS[toast.tone]} size={18} />
      <span>
        {toast.text}
        {toast.count > 1 && <span className="count"> ×{toast.count}</span>}
      </span>
      <button type="button" className="dismiss" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}
