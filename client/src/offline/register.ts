/** Start the service worker of a built page. Where there is none (private windows, plain http) nothing is missing but offline starts. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    void navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" })?.catch(() => undefined);
  });
}
