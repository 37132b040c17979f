import type { CSSProperties } from "react";
import type { ToolName } from "../input/keyboard";
import { usePage, useValue } from "../store/hooks";
import { Icon, type IconName } from "./icons";

interface ToolButton {
  readonly tool: ToolName;
  readonly label: string;
  readonly shortcut: string;
}

const TOOL_BUTTONS: readonly ToolButton[] = [
  { tool: "brush", label: "Brush", shortcut: "B" },
  { tool: "eraser", label: "Eraser", shortcut: "E" },
  { tool: "eyedropper", label: "Pick a colour", shortcut: "I" },
  { tool: "pan", label: "Move the view", shortcut: "H" },
];

export function ToolBar() {
  const { client } = usePage();
  const { tool, grid, color } = useValue(client.tools);
  const palette = useValue(client.palette);
  const ink = { "--ink": palette.hex(color) } as CSSProperties;
  return (
    <div className="panel tools" role="toolbar" aria-label="Tools" style={ink}>
      {TOOL_BUTTONS.map((button) => (
        <button
          key={button.tool}
          type="button"
          className="tool"
          data-testid={`tool-${button.tool}`}
          aria-pressed={tool === button.tool}
          aria-label={button.label}
          title={`${button.label} (${button.shortcut})`}
          onClick={() => client.chooseTool(button.tool)}
        >
          <Icon name={button.tool satisfies IconName} />
          {button.tool === "brush" && <span className="ink" />}
        </button>
      ))}
      <span className="divider" />
      <button
        type="button"
        className="tool"
        data-testid="tool-grid"
        aria-pressed={grid}
        aria-label="Grid"
        title="Grid (G), from 6× on"
        onClick={() => client.toggleGrid()}
      >
        <Icon name="grid" />
      </button>
    </div>
  );
}
