/** Keyboard shortcuts: from a key to a command. */

export type ToolName = "brush" | "eraser" | "eyedropper" | "pan";

export type Command =
  | { readonly kind: "tool"; readonly tool: ToolName }
  | { readonly kind: "zoom"; readonly direction: 1 | -1 }
  | { readonly kind: "move"; readonly dx: number; readonly dy: number }
  | { readonly kind: "place" }
  | { readonly kind: "color"; readonly slot: number }
  | { readonly kind: "nextColor"; readonly step: 1 | -1 }
  | { readonly kind: "grid" }
  | { readonly kind: "fit" }
  | { readonly kind: "zoomToggle" }
  | { readonly kind: "help" }
  | { readonly kind: "escape" };

export interface KeyLike {
  readonly key: string;
  /** Which key it is on the board, whatever is printed on it. */
  readonly code?: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const FAR = 10;

const COMMANDS: Readonly<Record<string, Command>> = {
  b: { kind: "tool", tool: "brush" },
  e: { kind: "tool", tool: "eraser" },
  i: { kind: "tool", tool: "eyedropper" },
  h: { kind: "tool", tool: "pan" },
  g: { kind: "grid" },
  f: { kind: "fit" },
  z: { kind: "zoomToggle" },
  "+": { kind: "zoom", direction: 1 },
  "=": { kind: "zoom", direction: 1 },
  "-": { kind: "zoom", direction: -1 },
  _: { kind: "zoom", direction: -1 },
  "[": { kind: "nextColor", step: -1 },
  "]": { kind: "nextColor", step: 1 },
  enter: { kind: "place" },
  "?": { kind: "help" },
  escape: { kind: "escape" },
};

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  arrowleft: [-1, 0],
  arrowright: [1, 0],
  arrowup: [0, -1],
  arrowdown: [0, 1],
};

/** Return what a key means, or null. 1 to 9 and 0 are the first ten colours. */
export function commandFor(event: KeyLike): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = nameOf(event);
  const direction = DIRECTIONS[key];
  if (direction) {
    const step = event.shiftKey ? FAR : 1;
    return { kind: "move", dx: direction[0] * step, dy: direction[1] * step };
  }
  if (/^[0-9]$/.test(key)) return { kind: "color", slot: (Number(key) + 9) % 10 };
  return COMMANDS[key] ?? null;
}

/** The key in small letters; layouts without Latin letters (Cyrillic, Greek, Hebrew) have them in the same places. */
function nameOf({ key, code = "" }: KeyLike): string {
  const latin = /^Key([A-Z])$/.exec(code)?.[1];
  const name = latin && key.length === 1 && key > "\u024f" ? latin : key;
  return name.toLowerCase();
}

/** Whether a key is a character: those are the shortcuts that people may turn off. */
export function isCharacter(event: KeyLike): boolean {
  return event.key.length === 1 && event.key !== " ";
}

export interface KeyboardActions {
  /** Whether single characters are shortcuts. */
  shortcuts(): boolean;
  run(command: Command): void;
  /** Space is held: the next drag pans. */
  holdPan(held: boolean): void;
  /** Space was tapped, with no drag in between. */
  tapSpace(): void;
}

/** What a key that is held goes on doing. Everything else happens once a press: nobody spends the limit by leaning on Enter. */
const REPEATED: ReadonlySet<Command["kind"]> = new Set<Command["kind"]>(["move", "zoom", "nextColor"]);

/** A longer press of the space bar was meant for panning. */
const TAP_MS = 350;

/** Listen to the keyboard; shortcuts never fire inside inputs, and Enter and Space belong to a focused button. */
export function attachKeyboard(actions: KeyboardActions): () => void {
  let spaceSince: number | null = null;
  const onDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (isCharacter(event) && !actions.shortcuts()) return;
    const onControl = isControl(event.target);
    if (isCovered()) {
      if (commandFor(event)?.kind !== "help") return;
    } else if (event.key === " ") {
      if (onControl) return;
      event.preventDefault();
      if (event.repeat) return;
      spaceSince = event.timeStamp;
      actions.holdPan(true);
      return;
    }
    const command = commandFor(event);
    if (!command || (onControl && command.kind === "place")) return;
    event.preventDefault();
    if (!event.repeat || REPEATED.has(command.kind)) actions.run(command);
  };
  const release = () => {
    spaceSince = null;
    actions.holdPan(false);
  };
  const onUp = (event: KeyboardEvent) => {
    if (event.key !== " " || spaceSince === null) return;
    const tapped = event.timeStamp - spaceSince < TAP_MS;
    release();
    if (tapped) actions.tapSpace();
  };
  // A clicked button must not keep the keyboard: Space has to pan and Enter has to place right afterwards.
  const onMouseDown = (event: MouseEvent) => {
    if (isControl(event.target)) event.preventDefault();
  };
  window.addEventListener("mousedown", onMouseDown);
  window.addEventListener("keydown", onDown);
  window.addEventListener("keyup", onUp);
  window.addEventListener("blur", release);
  return () => {
    window.removeEventListener("mousedown", onMouseDown);
    window.removeEventListener("keydown", onDown);
    window.removeEventListener("keyup", onUp);
    window.removeEventListener("blur", release);
  };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** A sheet lies over the canvas: it keeps all keys but the one that closes it. */
function isCovered(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, summary") !== null;
}
