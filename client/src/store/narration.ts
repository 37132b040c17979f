/** Tells screen readers what sighted people see: the keyboard's cell, who placed it, the tool, the colour. */

import type { ToolName } from "../input/keyboard";
import { lockAt } from "../model/canvasInfo";
import type { Point } from "../model/line";
import { placedText } from "../model/pixelRecord";
import type { PixelsClient } from "./client";

const TOOL_NAMES: Readonly<Record<ToolName, string>> = {
  brush: "Brush",
  eraser: "Eraser",
  eyedropper: "Pick a colour",
  pan: "Move the view",
};

/** Begin to narrate; everything goes through the client's announcer. */
export function narrate(client: PixelsClient): void {
  let { tool, color, grid } = client.tools.get();
  client.spot.subscribe(() => {
    const spot = client.spot.get();
    if (spot && spot.source !== "pointer") client.announcer.say(cellText(client, spot.cell));
  });
  client.lookup.found.subscribe(() => {
    const [spot, record] = [client.spot.get(), client.lookup.found.get()];
    if (!spot || spot.source === "pointer" || !record) return;
    const who = placedText(record, client.machine.info?.you.user ?? null, client.serverNow());
    client.announcer.say(`${cellText(client, spot.cell)}. ${who}`);
  });
  client.tools.subscribe(() => {
    const before = { tool, color, grid };
    ({ tool, color, grid } = client.tools.get());
    if (color !== before.color) client.announcer.say(`Colour: ${client.palette.get().name(color)}`);
    else if (tool !== before.tool) client.announcer.say(`Tool: ${TOOL_NAMES[tool]}`);
    else if (grid !== before.grid) client.announcer.say(grid ? "Grid on" : "Grid off");
  });
}

/** Return "Column 3, row 4, Red, locked". */
export function cellText(client: PixelsClient, { x, y }: Point): string {
  const color = client.colorAt({ x, y });
  const name = color === null ? "outside" : client.palette.get().name(color);
  const locked = lockAt(client.machine.info?.locks ?? [], x, y) ? ", locked" : "";
  return `Column ${x}, row ${y}, ${name}${locked}`;
}
