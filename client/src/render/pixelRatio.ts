/** Call `changed` whenever the window comes to a screen with another number of device pixels a CSS pixel. */
export function watchPixelRatio(changed: () => void): void {
  const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  const onChange = () => {
    watchPixelRatio(changed);
    changed();
  };
  query.addEventListener("change", onChange, { once: true });
}
