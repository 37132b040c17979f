import type { CSSProperties } from "react";
import { inkOn, isLight, type Palette, signOf } from "../model/palette";
import { CURATED_COUNT } from "../protocol/messages.gen";
import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";
import { LimitMeter } from "./LimitMeter";
import { RecentColors } from "./RecentColors";

export function PalettePanel() {
  const { client } = usePage();
  const palette = useValue(client.palette);
  const { color } = useValue(client.tools);
  const { signs } = useValue(client.settings.values);
  return (
    <section className="panel palette" data-testid="palette" aria-label="Palette">
      <div className="current">
        <span className="chip" style={{ background: palette.hex(color) }} />
        <span className="names">
          <strong>{color < CURATED_COUNT ? palette.name(color) : "Custom"}</strong>
          <small>{palette.hex(color)}</small>
        </span>
        <SideButton />
      </div>
      <div className="swatches">
        {palette.curated.map((swatch, slot) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: the slot is the identity of a colour
            key={slot}
            type="button"
            className={isLight(palette.colors[slot]) ? "swatch light" : "swatch"}
            style={{ "--swatch": swatch.hex, color: inkOn(palette.colors[slot]) } as CSSProperties}
            data-testid={`swatch-${slot}`}
            aria-pressed={slot === color}
            aria-label={signs ? `${swatch.name}, ${signOf(slot)}` : swatch.name}
            title={slot < 10 ? `${swatch.name} (${(slot + 1) % 10})` : swatch.name}
            onClick={() => client.chooseColor(slot)}
          >
            {signs && <span aria-hidden="true">{signOf(slot)}</span>}
          </button>
        ))}
        <CustomButton palette={palette} color={color} />
      </div>
      <RecentColors label="Recent" testId="recent-colors" />
      <LimitMeter />
    </section>
  );
}

function SideButton() {
  const { client } = usePage();
  const { side } = useValue(client.settings.values);
  const other = side === "left" ? "right" : "left";
  return (
    <button
      type="button"
      className="dismiss side"
      data-testid="palette-side"
      data-side={side}
      aria-label={`Put the palette on the ${other}`}
      title={`Put the palette on the ${other}`}
      onClick={() => client.settings.change({ side: other })}
    >
      <Icon name="swap" size={17} />
    </button>
  );
}

/** Opens the picker; carries the colour while a custom one is chosen. */
function CustomButton({ palette, color }: { palette: Palette; color: number }) {
  const { actions } = usePage();
  const chosen = color >= CURATED_COUNT;
  const style = { "--swatch": chosen ? palette.hex(color) : undefined } as CSSProperties;
  const className = chosen && isLight(palette.colors[color]) ? "swatch custom light" : "swatch custom";
  return (
    <button
      type="button"
      className={className}
      style={style}
      data-testid="custom-color"
      aria-haspopup="dialog"
      aria-pressed={chosen}
      aria-label="Custom colour"
      title="Custom colour"
      onClick={() => actions.sheet.set("color")}
    >
      <span className="custom-label">Custom…</span>
    </button>
  );
}
