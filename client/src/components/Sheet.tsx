import { type ReactNode, useLayoutEffect, useRef } from "react";
import { usePage } from "../store/hooks";
import { Icon } from "./icons";

interface SheetProps {
  readonly testId: string;
  readonly title: string;
  /** What the close button says. */
  readonly close: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A native modal dialog: it keeps the focus while it is open and gives it back when it goes. */
export function Sheet({ testId, title, close, wide = false, children }: SheetProps) {
  const { actions } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  /** Where the pointer went down: a drag that began inside, over a colour or a text, closes nothing where it ends. */
  const pressed = useRef<EventTarget>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const leave = () => actions.sheet.set(null);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is for the backdrop
    <dialog
      ref={dialog}
      className={wide ? "sheet wide" : "sheet"}
      data-testid={testId}
      aria-labelledby="sheet-title"
      onClose={leave}
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget && pressed.current === currentTarget) leave();
      }}
    >
      <div className="sheet-body">
        <header>
          <h2 id="sheet-title">{title}</h2>
          <button type="button" className="dismiss" aria-label={close} onClick={leave}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
