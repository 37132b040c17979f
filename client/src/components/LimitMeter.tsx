import { useEffect, useState } from "react";
import type { LimitsInfo } from "../protocol/messages.gen";
import { usePage, useValue } from "../store/hooks";

const REFRESH_MS = 150;
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** How many pixels may be placed before the limit; grows back while one watches. */
export function LimitMeter() {
  const { client } = usePage();
  const { limits } = useValue(client.status);
  const { available, waitMs } = useMeter(limits);
  if (!limits) return <div className="meter" aria-hidden="true" />;
  const share = limits.burst > 0 ? available / limits.burst : 0;
  const text = waitMs >= 1000 ? `Next pixel in ${duration(Math.ceil(waitMs / 1000))}` : pixels(available);
  return (
    <div className="meter" title={`Paint limit: ${limits.burst} at once, ${rateText(limits.rate)}`}>
      <div className="meter-text">
        <span data-testid="limit">{text}</span>
        <span className="rate">{rateText(limits.rate)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers do not let the bar of <meter> be styled */}
      <div
        className="meter-track"
        role="meter"
        aria-label="Pixels you may place now"
        aria-valuemin={0}
        aria-valuemax={limits.burst}
        aria-valuenow={available}
      >
        <div className="meter-fill" data-low={share < 0.15} style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

function rateText(rate: number): string {
  return rate >= 1 ? `+${compact.format(rate)}/s` : `1 per ${Math.round(1 / rate)} s`;
}

/** Return "99 s", then "1:40": it counts down every second, and has to fit a phone. */
function duration(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function pixels(count: number): string {
  return count === 1 ? "1 pixel" : `${compact.format(count)} pixels`;
}

/** Asks the meter anew while one watches, at once when the limits change. */
function useMeter(limits: LimitsInfo | null): { available: number; waitMs: number } {
  const { client } = usePage();
  const painted = useValue(client.painted);
  const [state, setState] = useState({ available: 0, waitMs: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: new limits and new pixels are new numbers
  useEffect(() => {
    const refresh = () => {
      const now = client.now();
      const available = Math.max(0, Math.floor(client.machine.meter.available(now) + 1e-6));
      const waitMs = client.machine.meter.waitMs(now);
      setState((before) => {
        const same = before.available === available && Math.abs(before.waitMs - waitMs) < 1;
        return same ? before : { available, waitMs };
      });
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [client, limits, painted]);
  return state;
}
