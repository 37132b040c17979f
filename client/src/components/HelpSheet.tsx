import { useEffect, useRef } from "react";
import { usePage, useValue } from "../store/hooks";
import { Icon } from "./icons";

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
      { keys: ["Two fingers"], does: "Move and zoom" },
    ],
  },
];

export function HelpButton() {
  const { actions } = usePage();
  return (
    <button
      type="button"
      className="pill help"
      data-testid="help"
      aria-label="Help and shortcuts"
      title="Help and shortcuts (?)"
      onClick={() => actions.help.set(true)}
    >
      ?
    </button>
  );
}

export function HelpSheet() {
  const { actions } = usePage();
  const open = useValue(actions.help);
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);

  const close = () => actions.help.set(false);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is for the backdrop
    <dialog
      ref={dialog}
      className="sheet"
      data-testid="help-sheet"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div className="sheet-body">
        <header>
          <h2 id="help-title">How to use Pixels</h2>
          <button type="button" className="dismiss" aria-label="Close help" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
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
          A dot in a cell means: on its way, not saved yet. A grey, hatched board means: the connection is
          gone and painting is off.
        </p>
      </div>
    </dialog>
  );
}
