import { Component, type ErrorInfo, type ReactNode } from "react";

interface State {
  readonly error: Error | null;
  readonly stack: string;
  readonly copied: boolean;
}

/** When a component throws: say so, and give details that fit into a report. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, stack: "", copied: false };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    this.setState({ stack: `${error.stack ?? error.message}\n${info.componentStack ?? ""}` });
  }

  override render(): ReactNode {
    const { error, stack, copied } = this.state;
    if (!error) return this.props.children;
    const details = `${window.location.href}\n${navigator.userAgent}\n${stack || error.message}`;
    const copy = () => {
      navigator.clipboard?.writeText(details).then(
        () => this.setState({ copied: true }),
        () => undefined,
      );
    };
    return (
      // biome-ignore lint/a11y/useSemanticElements: plain elements only, whatever broke the page shall not break this
      <div className="crash" role="main">
        <div role="alert">
          <h1>Something broke on this page</h1>
          <p>Your pixels on the canvas are safe. Reloading usually helps.</p>
        </div>
        <div className="crash-actions">
          <button type="button" className="primary" onClick={() => window.location.reload()}>
            Reload
          </button>
          <button type="button" onClick={copy}>
            {copied ? "Copied" : "Copy details"}
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
        <section tabIndex={0} aria-label="Details for a report">
          <pre>{details}</pre>
        </section>
      </div>
    );
  }
}
