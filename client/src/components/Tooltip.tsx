import type { CSSProperties } from "react";
import { lockAt } from "../model/canvasInfo";
import { placedText } from "../model/pixelRecord";
import { toScreen } from "../model/viewport";
import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";

/** Room the tooltip needs at most; nearer to a panel than this it turns to the other side. */
const WIDTH = 250;
const HEIGHT = 110;
const GAP = 16;

/** What is at the pointer or the keyboard's cell: where, which colour, and after a short rest who placed it. */
export function Tooltip() {
  const { client, actions } = usePage();
  const spot = useValue(client.spot);
  const view = useValue(client.controller.view);
  const palette = useValue(client.palette);
  const color = useValue(client.spotColor);
  const record = useValue(client.lookup.found);
  const { painting, grabbing } = useValue(actions.hands);
  if (!spot || color === null || painting || grabbing || spot.source === "touch") return null;
  const { x, y } = spot.cell;
  const corner = toScreen(view, x + 1, y + 1);
  const from = toScreen(view, x, y);
  const { left, right, bottom } = client.controller.insets(view);
  const turned = {
    left: corner.x + WIDTH > view.width - right && from.x - WIDTH > left,
    up: corner.y + HEIGHT > view.height - bottom,
  };
  const style: CSSProperties = {
    ...(turned.left ? { right: view.width - from.x + GAP } : { left: corner.x + GAP }),
    ...(turned.up ? { bottom: view.height - from.y + GAP } : { top: corner.y + GAP }),
  };
  const { info } = client.machine;
  const lock = lockAt(info?.locks ?? [], x, y);
  return (
    <div className="tooltip" data-testid="tooltip" role="tooltip" style={style}>
      <div className="tooltip-line">
        <span className="dot" style={{ background: palette.hex(color) }} />
        <strong>{palette.name(color)}</strong>
        {palette.name(color) !== palette.hex(color) && <code>{palette.hex(color)}</code>}
        <span className="detail">
          {x}, {y}
        </span>
      </div>
      {record && (
        <p className="detail" data-testid="tooltip-who">
          {placedText(record, info?.you.user ?? null, client.serverNow())}
        </p>
      )}
      {lock && (
        <p className="tooltip-lock">
          <Icon name="lock" size={15} />
          {lock.reason ? `Locked by a moderator: ${lock.reason}` : "Locked by a moderator"}
        </p>
      )}
    </div>
  );
}
