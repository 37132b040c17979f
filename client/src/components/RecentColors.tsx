import type { CSSProperties } from "react";
import { usePage, useValue } from "../store/hooks";
import { RECENT_COUNT } from "../store/recentColors";

/** The colours used last. Empty places keep the panel's size, so that nothing jumps. */
export function RecentColors({ label, testId, done }: { label: string; testId?: string; done?: () => void }) {
  const { client } = usePage();
  const palette = useValue(client.palette);
  const recent = useValue(client.recent.list);
  const { color } = useValue(client.tools);
  const choose = (slot: number) => {
    client.chooseColor(slot);
    done?.();
  };
  return (
    <section className="recent" data-testid={testId} aria-label="Recent colours">
      <span className="caption" aria-hidden="true">
        {label}
      </span>
      {recent.map((slot) => (
        <button
          key={slot}
          type="button"
          className="swatch small"
          style={{ "--swatch": palette.hex(slot) } as CSSProperties}
          data-slot={slot}
          aria-pressed={slot === color}
          aria-label={`Recent: ${palette.name(slot)}`}
          title={palette.name(slot)}
          onClick={() => choose(slot)}
        />
      ))}
      {Array.from({ length: RECENT_COUNT - recent.length }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty places are all the same
        <span key={`empty-${place}`} className="swatch small empty" />
      ))}
    </section>
  );
}
