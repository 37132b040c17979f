import { type ComponentType, useEffect, useState } from "react";
import type { SheetName } from "../store/actions";
import { usePage, useValue } from "../store/hooks";

/** Sheets come in files of their own: the first canvas does not wait for them. */
const LOADERS: Readonly<Record<SheetName, () => Promise<ComponentType>>> = {
  help: () => import("./HelpSheet").then((room) => room.HelpSheet),
  settings: () => import("./SettingsSheet").then((room) => room.SettingsSheet),
  session: () => import("./SessionSheet").then((room) => room.SessionSheet),
  export: () => import("./ExportSheet").then((room) => room.ExportSheet),
  color: () => import("./ColorSheet").then((room) => room.ColorSheet),
};

const NAMES = Object.keys(LOADERS) as SheetName[];
/** Fetched this long after the first canvas, so that they open at once, without a connection too. */
const PRELOAD_MS = 2_500;

export function Sheets() {
  const { client, actions } = usePage();
  const name = useValue(actions.sheet);
  const { hasBitmap } = useValue(client.status);
  const [rooms, setRooms] = useState<Partial<Record<SheetName, ComponentType>>>({});
  const missing = name !== null && !rooms[name];

  useEffect(() => {
    if (!missing || name === null) return;
    LOADERS[name]().then(
      (room) => setRooms((before) => ({ ...before, [name]: room })),
      () => {
        actions.sheet.set(null);
        client.toasts.show(
          "sheet",
          "This part of the page could not be loaded. Try again, or reload the page.",
        );
      },
    );
  }, [missing, name, client, actions]);

  useEffect(() => {
    if (!hasBitmap) return undefined;
    const timer = setTimeout(() => {
      for (const one of NAMES) LOADERS[one]().catch(() => undefined);
    }, PRELOAD_MS);
    return () => clearTimeout(timer);
  }, [hasBitmap]);

  const Room = name && rooms[name];
  return Room ? <Room /> : null;
}
