import { useEffect, useRef, useState } from "react";
import { clamp, showsAll, visiblePart } from "../model/viewport";
import { usePage, useValue } from "../store/hooks";

const SIDE = 128;
/** The picture follows the board this often: it costs nothing while people paint. */
const REFRESH_MS = 500;
/** How long to wait for the first picture. */
const SOON_MS = 40;
/** The frame of the visible part never gets smaller than this. */
const SMALLEST = 6;

/**
 * The whole canvas in a corner, with the visible part framed; click or drag to go there. For pointers only: arrow keys
 * move over the canvas by themselves, Z and F zoom.
 */
export function Minimap() {
  const { client } = usePage();
  const view = useValue(client.controller.view);
  const { hasBitmap } = useValue(client.status);
  const element = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const [dragging, setDragging] = useState(false);
  const size = client.machine.board.canvas;
  const scale = SIDE / Math.max(size.width, size.height);
  const hidden = !hasBitmap || (showsAll(view, size) && !dragging);

  useEffect(() => {
    if (hidden) return undefined;
    let drawn = -1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      const context = picture.current?.getContext("2d");
      const source = client.picture;
      timer = setTimeout(draw, source ? REFRESH_MS : SOON_MS);
      if (!context || !source || source.version === drawn) return;
      drawn = source.version;
      context.imageSmoothingQuality = "medium";
      context.drawImage(source.image, 0, 0, context.canvas.width, context.canvas.height);
    };
    draw();
    return () => clearTimeout(timer);
  }, [client, hidden]);

  useEffect(() => {
    const map = element.current;
    if (hidden || !map) return undefined;
    const go = (event: PointerEvent) => {
      if (event.type === "pointermove" && !map.hasPointerCapture(event.pointerId)) return;
      if (event.type === "pointerdown") map.setPointerCapture(event.pointerId);
      setDragging(true);
      const { left, top } = map.getBoundingClientRect();
      client.controller.centerOn({ x: (event.clientX - left) / scale, y: (event.clientY - top) / scale });
    };
    const stop = () => setDragging(false);
    map.addEventListener("pointerdown", go);
    map.addEventListener("pointermove", go);
    map.addEventListener("lostpointercapture", stop);
    return () => {
      map.removeEventListener("pointerdown", go);
      map.removeEventListener("pointermove", go);
      map.removeEventListener("lostpointercapture", stop);
    };
  }, [client, hidden, scale]);

  if (hidden) return null;
  const part = visiblePart(view, size);
  const [width, height] = [size.width * scale, size.height * scale];
  const frame = {
    left: clamp(part.x * scale, 0, width - SMALLEST),
    top: clamp(part.y * scale, 0, height - SMALLEST),
    width: Math.max(SMALLEST, part.width * scale),
    height: Math.max(SMALLEST, part.height * scale),
  };
  const ratio = window.devicePixelRatio || 1;
  return (
    <div
      ref={element}
      className="minimap"
      data-testid="minimap"
      data-stale={client.machine.isStale}
      aria-hidden="true"
      style={{ width, height }}
    >
      <canvas ref={picture} width={width * ratio} height={height * ratio} />
      <span className="minimap-frame" style={frame} />
    </div>
  );
}
