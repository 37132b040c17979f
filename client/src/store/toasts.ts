/** Short messages at the edge of the screen; equal ones are counted instead of piling up. */

import { Observable } from "./observable";

export type ToastTone = "info" | "warning" | "good";

export interface Toast {
  /** Toasts with the same key are one. */
  readonly key: string;
  readonly text: string;
  readonly tone: ToastTone;
  readonly count: number;
}

const SHOWN_MS = 5_000;
const MOST = 3;

export class Toasts {
  readonly list = new Observable<readonly Toast[]>([]);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private held = false;

  show(key: string, text: string, tone: ToastTone = "warning", count = 1): void {
    const before = this.list.get();
    const known = before.find((toast) => toast.key === key);
    const toast = { key, text, tone, count: count + (known?.count ?? 0) };
    const others = before.filter((other) => other.key !== key);
    this.list.set([...others.slice(-(MOST - 1)), toast]);
    this.startTimer(key);
  }

  dismiss(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.list.set(this.list.get().filter((toast) => toast.key !== key));
  }

  /** While somebody points at them or has the focus in them they stay. */
  hold(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    for (const { key } of this.list.get()) this.startTimer(key);
  }

  private startTimer(key: string): void {
    clearTimeout(this.timers.get(key));
    if (this.held) return;
    this.timers.set(
      key,
      setTimeout(() => this.dismiss(key), SHOWN_MS),
    );
  }
}
