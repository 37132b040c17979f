/** The real client with a server that never answers, for component tests. */

import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Bitmap } from "../model/canvas";
import type { Api } from "../net/api";
import { Actions } from "../store/actions";
import { PixelsClient } from "../store/client";
import { type Page, PageContext } from "../store/hooks";

export function createPage(api: Partial<Api> = {}): Page {
  const client = new PixelsClient({
    name: "main",
    api: {
      createSession: () => new Promise(() => undefined),
      showSession: () => new Promise(() => undefined),
      endSession: () => new Promise(() => undefined),
      fetchStatistics: () => new Promise(() => undefined),
      fetchPixel: () => new Promise(() => undefined),
      fetchBitmap: () => new Promise<Bitmap>(() => undefined),
      ...api,
    },
    openSocket: () => ({ subprotocol: "", send: () => undefined, close: () => undefined }),
    socketUrl: () => "",
    now: () => 1_000_000,
    random: () => 0,
    firstId: 1,
    firstStroke: 1,
  });
  return { client, actions: new Actions(client) };
}

export function renderIn(page: Page, children: ReactNode) {
  return render(<PageContext value={page}>{children}</PageContext>);
}
