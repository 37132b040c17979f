import { useState } from "react";
import { HexColorPicker } from "react-colorful";
import { parseHex, readHex } from "../model/palette";
import { CURATED_COUNT } from "../protocol/messages.gen";
import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";
import { RecentColors } from "./RecentColors";
import { Sheet } from "./Sheet";

/** Any colour one can think of, and the nearest one that the canvas has. */
export function ColorSheet() {
  const { client, actions } = usePage();
  const palette = useValue(client.palette);
  const [text, setText] = useState(() => palette.hex(client.tools.get().color));
  const hex = readHex(text);
  const slot = hex === null ? null : palette.snap(parseHex(hex));
  const use = () => {
    if (slot === null) return;
    client.chooseColor(slot);
    actions.sheet.set(null);
  };
  return (
    <Sheet testId="custom-color-sheet" title="Custom colour" close="Close custom colour">
      <form
        className="color-form"
        onSubmit={(event) => {
          event.preventDefault();
          use();
        }}
      >
        <HexColorPicker color={hex ?? "#000000"} onChange={setText} aria-label="Colour picker" />
        <label className="field">
          <span>Hex</span>
          <input
            data-testid="custom-hex"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => hex && setText(hex)}
            maxLength={8}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={hex === null}
            aria-describedby="snap-text"
          />
        </label>
        <div className="snap">
          <span className="snap-side">
            <span className="chip" style={{ background: hex ?? "transparent" }} />
            <small>Yours</small>
            <code>{hex ?? "–"}</code>
          </span>
          <Icon name="arrow" />
          <span
            className="snap-side"
            data-testid="snapped-color"
            data-slot={slot ?? ""}
            data-hex={slot === null ? "" : palette.hex(slot)}
          >
            <span
              className="chip"
              style={{ background: slot === null ? "transparent" : palette.hex(slot) }}
            />
            <small>On the canvas</small>
            <code>{slot === null ? "–" : palette.hex(slot)}</code>
          </span>
        </div>
        <p id="snap-text" className="detail" aria-live="polite">
          {slot === null
            ? "Type a colour like #33cc99."
            : hex === palette.hex(slot)
              ? slot < CURATED_COUNT
                ? `This is ${palette.name(slot)} of the palette.`
                : "The canvas has exactly this colour."
              : `The canvas has 216 custom colours; ${palette.hex(slot)} is the nearest to yours.`}
        </p>
        <button type="submit" className="primary" data-testid="use-color" disabled={slot === null}>
          Use {slot === null ? "this colour" : palette.name(slot)}
        </button>
        <RecentColors label="Recent" done={() => actions.sheet.set(null)} />
      </form>
    </Sheet>
  );
}
