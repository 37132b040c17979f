import type { CSSProperties } from "react";
import { isLight } from "../model/palette";
import { usePage, useValue } from "../store/hooks";
import { LimitMeter } from "./LimitMeter";

export function PalettePanel() {
  const { client } = usePage();
  const palette = useValue(client.palette);
  const { color } = useValue(client.tools);
  return (
    <section className="panel palette" data-testid="palette" aria-label="Palette">
      <div className="current">
        <span className="chip" style={{ background: palette.hex(color) }} />
        <span className="names">
          <strong>{palette.name(color)}</strong>
          <small>{palette.hex(color)}</small>
        </span>
      </div>
      <div className="swatches">
        {palette.curated.map((swatch, slot) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: the slot is the identity of a colour
            key={slot}
            type="button"
            className={isLight(palette.colors[slot]) ? "swatch light" : "swatch"}
            style={{ "--swatch": swatch.hex } as CSSProperties}
            data-testid={`swatch-${slot}`}
            aria-pressed={slot === color}
            aria-label={swatch.name}
            title={slot < 10 ? `${swatch.name} (${(slot + 1) % 10})` : swatch.name}
            onClick={() => client.chooseColor(slot)}
          />
        ))}
      </div>
      <LimitMeter />
    </section>
  );
}
