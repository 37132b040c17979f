import { usePage, useValue } from "../store/hooks";

/** Where one is: the cell under the pointer or cursor, its colour, and the zoom. */
export function Readout() {
  const { client } = usePage();
  const view = useValue(client.controller.view);
  useValue(client.spot);
  const palette = useValue(client.palette);
  const color = useValue(client.spotColor);
  const at = client.spotCell();
  const name = color === null ? "outside" : palette.name(color);
  return (
    <div className="pill readout" data-testid="readout">
      <span className="coordinates">
        {at.x}, {at.y}
      </span>
      <span className="detail color-name">
        {color !== null && <span className="dot" style={{ background: palette.hex(color) }} />}
        {name}
      </span>
      <span className="detail">{zoomText(view.zoom)}</span>
    </div>
  );
}

function zoomText(zoom: number): string {
  return `${zoom >= 10 ? Math.round(zoom) : Number(zoom.toFixed(zoom < 1 ? 2 : 1))}×`;
}
