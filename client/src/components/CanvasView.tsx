import { useEffect, useRef } from "react";
import { attachPointer } from "../input/pointer";
import { attachWheel } from "../input/wheel";
import { usePage, useValue } from "../store/hooks";

/** The one canvas element: input in, frames out. React never sees a pixel. */
export function CanvasView() {
  const { client, actions } = usePage();
  const element = useRef<HTMLCanvasElement>(null);
  const { tool } = useValue(client.tools);
  const { grabbing, panHeld } = useValue(actions.hands);

  useEffect(() => {
    const canvas = element.current;
    if (!canvas) return undefined;
    client.attach(canvas);
    const measure = () => client.controller.resize(canvas.clientWidth, canvas.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(canvas);
    const detach = [
      attachPointer(canvas, actions),
      attachWheel(canvas, (action, at) => actions.wheel(action, at)),
    ];
    return () => {
      observer.disconnect();
      for (const stop of detach) stop();
    };
  }, [client, actions]);

  const byKeyboard = useValue(client.spot)?.source === "keyboard";
  const cursor = grabbing ? "grabbing" : panHeld ? "pan" : tool;
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: painting needs raw arrow keys, which only an application role promises
    <canvas
      ref={element}
      className="board"
      data-testid="canvas"
      data-cursor={cursor}
      data-cell={byKeyboard}
      role="application"
      aria-label="Shared pixel canvas. Arrow keys move the cell, Enter places a pixel, question mark opens help."
      tabIndex={0}
    />
  );
}
