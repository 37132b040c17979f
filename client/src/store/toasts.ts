/** Short messages at the edge of the screen. react-hot-toast keeps and times them; equal ones are counted here. */

import { toast } from "react-hot-toast/headless";

export type ToastTone = "info" | "warning" | "good";

const SHOWN_MS = 5_000;
const SHOW = { info: toast, warning: toast.error, good: toast.success };

let toasters = 0;

export class Toasts {
  /** The library's name for the list of this client. */
  readonly toaster = `pixels-${++toasters}`;
  private readonly counts = new Map<string, number>();

  /** Toasts with the same key are one. */
  show(key: string, text: string, tone: ToastTone = "warning", count = 1): void {
    this.counts.set(key, count + this.count(key));
    SHOW[tone](text, { id: key, toasterId: this.toaster, duration: SHOWN_MS });
  }

  dismiss(key: string): void {
    toast.dismiss(key, this.toaster);
  }

  /** How often this was said since it came up. */
  count(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** These are on the screen; what comes again later is counted anew. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.counts.keys()) if (!keys.has(key)) this.counts.delete(key);
  }
}
