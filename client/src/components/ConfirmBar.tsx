import { useEffect, useRef } from "react";
import type { Point } from "../model/line";
import { usePage, useValue } from "../store/hooks";
import { Icon, type IconName } from "./icons";

/** The loupe shows this many cells a side, the chosen one in the middle. */
const CELLS = 9;
const SIDE = 99;
const CELL = SIDE / CELLS;

const NUDGES: readonly (readonly [IconName, string, number, number])[] = [
  ["up", "Up", 0, -1],
  ["left", "Left", -1, 0],
  ["right", "Right", 1, 0],
  ["down", "Down", 0, 1],
];

/** On touch screens, when cells are too small to aim at: see the chosen cell enlarged, nudge it, then place or cancel. */
export function ConfirmBar() {
  const { client, actions } = usePage();
  const spot = useValue(client.spot);
  const { tool } = useValue(client.tools);
  const palette = useValue(client.palette);
  if (spot?.source !== "touch" || tool === "pan" || tool === "eyedropper") return null;
  const { color } = client.ink();
  return (
    <section className="panel confirm-bar" data-testid="confirm-bar" aria-label="Place this pixel?">
      <Loupe cell={spot.cell} ink={palette.hex(color)} />
      <div className="nudges">
        {NUDGES.map(([icon, label, dx, dy]) => (
          <button
            key={icon}
            type="button"
            className={`nudge ${icon}`}
            data-testid={`nudge-${icon}`}
            aria-label={`${label} by one`}
            onClick={() => actions.run({ kind: "move", dx, dy })}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
      <div className="decision">
        <p>
          <span className="dot" style={{ background: palette.hex(color) }} />
          <strong>
            {spot.cell.x}, {spot.cell.y}
          </strong>
        </p>
        <button
          type="button"
          className="primary"
          data-testid="confirm-place"
          onClick={() => actions.run({ kind: "place" })}
        >
          <Icon name="check" /> {tool === "eraser" ? "Erase" : "Place"}
        </button>
        <button
          type="button"
          className="secondary"
          data-testid="confirm-cancel"
          onClick={() => client.spot.set(null)}
        >
          Cancel
        </button>
      </div>
    </section>
  );
}

function Loupe({ cell, ink }: { cell: Point; ink: string }) {
  const { client } = usePage();
  const element = useRef<HTMLCanvasElement>(null);
  const shown = useValue(client.spotColor);
  useValue(client.status);
  const ratio = window.devicePixelRatio || 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when the cell's colour changes
  useEffect(() => {
    const context = element.current?.getContext("2d");
    const source = client.picture?.image;
    if (!context || !source) return;
    const half = (CELLS - 1) / 2;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, SIDE, SIDE);
    context.imageSmoothingEnabled = false;
    context.drawImage(source, cell.x - half, cell.y - half, CELLS, CELLS, 0, 0, SIDE, SIDE);
    context.fillStyle = "rgb(127 127 127 / 30%)";
    for (let line = 1; line < CELLS; line++) {
      context.fillRect(line * CELL, 0, 1, SIDE);
      context.fillRect(0, line * CELL, SIDE, 1);
    }
    context.fillStyle = ink;
    context.fillRect(half * CELL, half * CELL, CELL, CELL);
    for (const [around, color] of [
      [1, "#ffffff"],
      [2.5, "#1a1d27"],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = 1.5;
      const length = CELL + 2 * around;
      context.strokeRect(half * CELL - around, half * CELL - around, length, length);
    }
  }, [client, cell, ink, shown, ratio]);

  return (
    <span className="loupe" data-stale={client.machine.isStale} aria-hidden="true">
      <canvas ref={element} width={SIDE * ratio} height={SIDE * ratio} />
    </span>
  );
}
