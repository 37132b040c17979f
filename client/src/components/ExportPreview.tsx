import { useEffect, useRef } from "react";
import type { Point } from "../model/line";
import { type Region, regionBetween } from "../model/region";
import { usePage } from "../store/hooks";

/** The longer side on screen. */
const SIDE = 236;

/** The whole canvas, the region framed; drag for another region. The number fields do the same without a pointer. */
export function ExportPreview({ region, choose }: { region: Region; choose: (region: Region) => void }) {
  const { client } = usePage();
  const element = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const latest = useRef(choose);
  latest.current = choose;
  const size = client.machine.board.canvas;
  const scale = SIDE / Math.max(size.width, size.height);
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [size.width * scale, size.height * scale];

  useEffect(() => {
    const context = picture.current?.getContext("2d");
    const source = client.picture?.image;
    if (!context || !source) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(source, 0, 0, context.canvas.width, context.canvas.height);
  }, [client]);

  useEffect(() => {
    const area = element.current;
    if (!area) return undefined;
    let from: Point | null = null;
    const cell = (event: PointerEvent) => {
      const { left, top } = area.getBoundingClientRect();
      return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
    };
    const down = (event: PointerEvent) => {
      area.setPointerCapture(event.pointerId);
      from = cell(event);
    };
    const move = (event: PointerEvent) => {
      if (from) latest.current(regionBetween(from, cell(event), size));
    };
    const up = () => {
      from = null;
    };
    area.addEventListener("pointerdown", down);
    area.addEventListener("pointermove", move);
    area.addEventListener("lostpointercapture", up);
    return () => {
      area.removeEventListener("pointerdown", down);
      area.removeEventListener("pointermove", move);
      area.removeEventListener("lostpointercapture", up);
    };
  }, [scale, size]);

  const frame = {
    left: region.x * scale,
    top: region.y * scale,
    width: Math.max(2, region.width * scale),
    height: Math.max(2, region.height * scale),
  };
  return (
    <div
      ref={element}
      className="minimap preview"
      data-testid="export-preview"
      aria-hidden="true"
      style={{ width, height }}
    >
      <canvas ref={picture} width={width * ratio} height={height * ratio} />
      <span className="minimap-frame" style={frame} />
    </div>
  );
}
