import { type FormEvent, useState } from "react";
import { MAX_SCALE, MAX_SIDE } from "../model/png";
import { clampRegion, type Region, regionInView } from "../model/region";
import { usePage, useValue } from "../store/hooks";
import { encodePng, save } from "../store/pngExport";
import { Choice } from "./Choice";
import { ExportPreview } from "./ExportPreview";
import { Sheet } from "./Sheet";

type Kind = "view" | "region" | "canvas";

const KINDS: readonly (readonly [Kind, string])[] = [
  ["view", "What I see"],
  ["region", "A region"],
  ["canvas", "Everything"],
];
const FIELDS = [
  ["x", "Left"],
  ["y", "Top"],
  ["width", "Width"],
  ["height", "Height"],
] as const;
const number = new Intl.NumberFormat("en");

/** A picture of the canvas as a file: made here, of what the server confirmed. */
export function ExportSheet() {
  const { client } = usePage();
  const { hasBitmap, isEmpty } = useValue(client.status);
  const size = client.machine.board.canvas;
  const [kind, setKind] = useState<Kind>("view");
  const [chosen, setChosen] = useState<Region>(() => regionInView(client.controller.view.get(), size));
  const [wantedScale, setWantedScale] = useState(4);
  const [progress, setProgress] = useState<number | null>(null);
  const [result, setResult] = useState("");

  const whole = { x: 0, y: 0, width: size.width, height: size.height };
  const view = regionInView(client.controller.view.get(), size);
  const region = kind === "canvas" ? whole : kind === "view" ? view : clampRegion(chosen, size);
  const largest = Math.max(
    1,
    Math.min(MAX_SCALE, Math.floor(MAX_SIDE / Math.max(region.width, region.height))),
  );
  const scale = Math.min(wantedScale, largest);
  const name = `pixels-${client.name}-${client.machine.board.seq}.png`;

  const change = (region: Region) => {
    setKind("region");
    setChosen(region);
  };
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setResult("");
    setProgress(0);
    try {
      const { canvas } = client.machine.board;
      const { colors } = client.palette.get();
      const picture = { ...region, pixels: canvas.cut(region), colors, scale };
      save(await encodePng(picture, setProgress), name);
      setResult(`Saved as ${name}`);
    } catch {
      setResult("The picture could not be made: this browser has too little memory for it, or is too old.");
    }
    setProgress(null);
  };

  return (
    <Sheet testId="export-sheet" title="Save a picture" close="Close export">
      <form className="export-form" onSubmit={make}>
        <Choice name="export-kind" legend="Picture of" options={KINDS} value={kind} choose={setKind} />
        <ExportPreview region={region} choose={change} />
        <div className="region-fields">
          {FIELDS.map(([field, label]) => (
            <label key={field} className="field">
              <span>{label}</span>
              <input
                type="number"
                inputMode="numeric"
                min={field === "width" || field === "height" ? 1 : 0}
                max={field === "x" || field === "width" ? size.width : size.height}
                data-testid={`export-${field}`}
                value={
                  kind === "region" && !Number.isNaN(chosen[field])
                    ? chosen[field]
                    : kind === "region"
                      ? ""
                      : region[field]
                }
                onChange={(event) =>
                  change({ ...(kind === "region" ? chosen : region), [field]: event.target.valueAsNumber })
                }
                onBlur={() => kind === "region" && setChosen(region)}
              />
            </label>
          ))}
        </div>
        <label className="field">
          <span>Pixels a cell, 1 to {largest}</span>
          <input
            type="range"
            min={1}
            max={largest}
            value={scale}
            data-testid="export-scale"
            aria-valuetext={`${scale} by ${scale} pixels a cell`}
            onChange={(event) => setWantedScale(event.target.valueAsNumber)}
          />
        </label>
        <p className="export-size" data-testid="export-size">
          <strong>
            {number.format(region.width * scale)} × {number.format(region.height * scale)} pixels
          </strong>{" "}
          <span className="detail">
            {region.width} × {region.height} cells at {scale}×
          </span>
        </p>
        <button
          type="submit"
          className="primary"
          data-testid="export-save"
          disabled={!hasBitmap || progress !== null}
        >
          {progress === null ? "Save PNG" : `Drawing… ${Math.round(progress * 100)} %`}
        </button>
        {progress !== null && <progress value={progress} max={1} aria-label="Drawing the picture" />}
        <p
          className="result"
          data-good={result.startsWith("Saved")}
          role="status"
          data-testid="export-result"
        >
          {result}
        </p>
      </form>
      <p className="footnote">
        {isEmpty ? "The canvas is still empty. " : ""}Only saved pixels are in the picture, none that are
        still on their way. At most {number.format(MAX_SIDE)} pixels a side.
      </p>
    </Sheet>
  );
}
