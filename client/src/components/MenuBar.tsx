import type { SheetName } from "../store/actions";
import { usePage } from "../store/hooks";
import { Icon, type IconName } from "./icons";

interface Entry {
  readonly sheet: SheetName;
  readonly icon: IconName;
  readonly label: string;
}

const ENTRIES: readonly Entry[] = [
  { sheet: "export", icon: "export", label: "Save a picture" },
  { sheet: "session", icon: "user", label: "You and your session" },
  { sheet: "settings", icon: "settings", label: "Settings" },
  { sheet: "help", icon: "help", label: "Help and shortcuts (?)" },
];

/** The buttons that open sheets. */
export function MenuBar() {
  const { actions } = usePage();
  return (
    <nav className="pill menu" aria-label="Menu">
      {ENTRIES.map(({ sheet, icon, label }) => (
        <button
          key={sheet}
          type="button"
          className="tool"
          data-testid={sheet}
          aria-haspopup="dialog"
          aria-label={label}
          title={label}
          onClick={() => actions.sheet.set(sheet)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </nav>
  );
}
