import { useEffect } from "react";
import { sparkline, trend } from "../model/sparkline";
import { usePage, useValue } from "../store/hooks";

const WIDTH = 236;
const HEIGHT = 44;
/** While somebody looks the round trip is measured more often. */
const MEASURE_MS = 3_000;
const count = new Intl.NumberFormat("en");

/** What lies behind the status: how the connection does, and how busy the canvas is. */
export function StatusDetails({ id, hint }: { id: string; hint: string }) {
  const { client } = usePage();
  const { online, roundTripMs } = useValue(client.status);
  const trips = useValue(client.roundTrips);
  const statistics = useValue(client.statistics.latest);

  useEffect(() => client.statistics.watch(), [client]);
  useEffect(() => {
    const measure = () => client.machine.measure(client.now());
    measure();
    const timer = setInterval(measure, MEASURE_MS);
    return () => clearInterval(timer);
  }, [client]);

  const path = sparkline(trips, WIDTH, HEIGHT);
  return (
    <section id={id} className="panel status-details" data-testid="status-details" aria-label="Connection">
      <p>{hint}</p>
      <div className="trips">
        <span className="detail">Round trip</span>
        <strong>{roundTripMs === null ? "–" : `${roundTripMs} ms`}</strong>
      </div>
      <svg
        className="sparkline"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={trend(trips)}
        data-testid="latency-graph"
      >
        {path && <path className="area" d={`${path}V${HEIGHT}H0Z`} />}
        {path && <path className="line" d={path} />}
      </svg>
      <dl className="numbers">
        <Item name="People online" value={online} />
        <Item name="Pixels a minute" value={statistics?.pixelsPerMinute} testId="pixels-per-minute" />
        <Item name="Painters so far" value={statistics?.painters} />
        <Item name="Pixels so far" value={statistics?.placements} />
      </dl>
    </section>
  );
}

function Item({ name, value, testId }: { name: string; value: number | undefined; testId?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value === undefined ? "–" : count.format(value)}</dd>
    </div>
  );
}
