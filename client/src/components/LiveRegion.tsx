import { usePage, useValue } from "../store/hooks";

/** Where screen readers hear about the keyboard's cell, colours, tools and results. */
export function LiveRegion() {
  const { client } = usePage();
  return (
    <p className="visually-hidden" data-testid="live-region" aria-live="polite">
      {useValue(client.announcer.text)}
    </p>
  );
}
