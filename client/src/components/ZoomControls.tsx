import { usePage } from "../store/hooks";
import { Icon } from "./icons";

export function ZoomControls() {
  const { client } = usePage();
  const { controller } = client;
  return (
    <div className="pill menu zoom" role="toolbar" aria-label="Zoom">
      <button
        type="button"
        className="tool"
        data-testid="zoom-out"
        aria-label="Zoom out"
        title="Zoom out (-)"
        onClick={() => controller.zoomStep(-1)}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="tool"
        data-testid="zoom-in"
        aria-label="Zoom in"
        title="Zoom in (+)"
        onClick={() => controller.zoomStep(1)}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="tool"
        data-testid="fit"
        aria-label="Show the whole canvas"
        title="Show the whole canvas (F)"
        onClick={() => controller.showAll()}
      >
        <Icon name="fit" />
      </button>
      <button
        type="button"
        className="tool actual"
        data-testid="zoom-actual"
        aria-label="1:1, one pixel a cell"
        title="One screen pixel a cell (1:1)"
        onClick={() => controller.showActualSize()}
      >
        1:1
      </button>
    </div>
  );
}
