/** How components reach the client. */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { Actions } from "./actions";
import type { PixelsClient } from "./client";
import type { Observable } from "./observable";

export interface Page {
  readonly client: PixelsClient;
  readonly actions: Actions;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("The component lies outside <PageContext>.");
  return page;
}

/** Render again whenever the observable changes. */
export function useValue<Value>(observable: Observable<Value>): Value {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
