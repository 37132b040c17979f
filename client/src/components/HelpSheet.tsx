import { Sheet } from "./Sheet";

interface Row {
  readonly keys: readonly string[];
  readonly does: string;
}

const SECTIONS: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: "Paint",
    rows: [
      { keys: ["B"], does: "Brush" },
      { keys: ["E"], does: "Eraser" },
      { keys: ["I"], does: "Pick a colour from the canvas" },
      { keys: ["1", "…", "0"], does: "First ten colours" },
      { keys: ["[", "]"], does: "Previous and next colour" },
    ],
  },
  {
    title: "Look around",
    rows: [
      { keys: ["Scroll"], does: "Zoom to the pointer" },
      { keys: ["+", "−"], does: "Zoom in and out" },
      { keys: ["Space", "drag"], does: "Move the view; also H or the middle button" },
      { keys: ["F"], does: "Show the whole canvas" },
      { keys: ["Z"], does: "Close up and back, at the pointer or cell" },
      { keys: ["G"], does: "Grid" },
    ],
  },
  {
    title: "Without a mouse",
    rows: [
      { keys: ["←", "↑", "↓", "→"], does: "Move the cell; with Shift by ten" },
      { keys: ["Enter"], does: "Place a pixel; Space does too" },
      { keys: ["Esc"], does: "Put the cell away" },
    ],
  },
  {
    title: "Touch",
    rows: [
      { keys: ["Tap"], does: "Place a pixel; drag for a line when zoomed in" },
      { keys: ["Tap far out"], does: "Choose a cell, nudge it, then place it" },
      { keys: ["Two fingers"], does: "Move and zoom" },
    ],
  },
];

export function HelpSheet() {
  return (
    <Sheet testId="help-sheet" title="How to use Pixels" close="Close help" wide>
      <div className="sections">
        {SECTIONS.map((section) => (
          <section key={section.title} className={section.title === "Touch" ? "for-touch" : undefined}>
            <h3>{section.title}</h3>
            <dl>
              {section.rows.map((row) => (
                <div key={row.does}>
                  <dt>
                    {row.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{row.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="footnote">
        A dot in a cell means: on its way, not saved yet. A grey, hatched board means: the connection is gone
        and painting is off. Shortcuts can be turned off in the settings.
      </p>
    </Sheet>
  );
}
