/** A value that tells when it changes: the bridge to React's useSyncExternalStore. */

export class Observable<Value> {
  private current: Value;
  private readonly listeners = new Set<() => void>();

  constructor(value: Value) {
    this.current = value;
  }

  get = (): Value => this.current;

  /** Take a new value; listeners hear of it unless it is the same. Says whether it changed. */
  set(value: Value): boolean {
    if (Object.is(value, this.current)) return false;
    this.current = value;
    for (const listener of this.listeners) listener();
    return true;
  }

  /** Change some fields of a record; no news when they have these values already. */
  patch(fields: Partial<Value>): boolean {
    const before = this.current;
    const changed = (Object.keys(fields) as (keyof Value)[]).some(
      (key) => !Object.is(before[key], fields[key]),
    );
    return changed && this.set({ ...before, ...fields });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
