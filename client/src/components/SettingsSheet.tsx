import type { ReactNode } from "react";
import { usePage, useValue } from "../store/hooks";
import type { Side, Theme } from "../store/settings";
import { Choice } from "./Choice";
import { Sheet } from "./Sheet";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];
const SIDES: readonly (readonly [Side, string])[] = [
  ["left", "Left"],
  ["right", "Right"],
];

export function SettingsSheet() {
  const { client } = usePage();
  const { settings } = client;
  const values = useValue(settings.values);
  const { grid } = useValue(client.tools);
  return (
    <Sheet testId="settings-sheet" title="Settings" close="Close settings">
      <div className="settings">
        <Choice
          name="setting-theme"
          legend="Colours of the page"
          options={THEMES}
          value={values.theme}
          choose={(theme) => settings.change({ theme })}
        />
        <Choice
          name="setting-side"
          legend="Palette"
          options={SIDES}
          value={values.side}
          choose={(side) => settings.change({ side })}
        />
        <Switch
          name="grid"
          on={grid}
          toggle={() => client.toggleGrid()}
          hint="Lines between cells, from 6× on."
        >
          Grid
        </Switch>
        <Switch
          name="signs"
          on={values.signs}
          toggle={() => settings.change({ signs: !values.signs })}
          hint="A letter or digit on each colour, for eyes that see colours alike."
        >
          Signs on colours
        </Switch>
        <Switch
          name="precise"
          on={values.precise}
          toggle={() => settings.change({ precise: !values.precise })}
          hint="On touch screens a tap on tiny cells chooses the cell; a button places the pixel."
        >
          Precise placing
        </Switch>
        <Switch
          name="shortcuts"
          on={values.shortcuts}
          toggle={() => settings.change({ shortcuts: !values.shortcuts })}
          hint="Single letters and digits. Arrows, Enter, Space and Escape always work."
        >
          Shortcuts
        </Switch>
      </div>
      <p className="footnote">Kept in this browser. Animations follow the system’s setting.</p>
    </Sheet>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly on: boolean;
  readonly toggle: () => void;
  readonly hint: string;
  readonly children: ReactNode;
}

function Switch({ name, on, toggle, hint, children }: SwitchProps) {
  return (
    <div className="setting">
      <label className="switch">
        <span>{children}</span>
        <input
          type="checkbox"
          role="switch"
          aria-checked={on}
          checked={on}
          data-testid={`setting-${name}`}
          aria-describedby={`hint-${name}`}
          onChange={toggle}
        />
      </label>
      <p id={`hint-${name}`} className="detail">
        {hint}
      </p>
    </div>
  );
}
