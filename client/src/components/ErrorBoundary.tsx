import { Component, createRef, type ErrorInfo, type ReactNode } from "react";

interface State {
  readonly error: Error | null;
  readonly stack: string;
  readonly button: string;
}

/** When a component throws: say so, and give details that fit into a report. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, stack: "", button: "Copy details" };
  private readonly details = createRef<HTMLPreElement>();

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    this.setState({ stack: `${error.stack ?? error.message}\n${info.componentStack ?? ""}` });
  }

  override render(): ReactNode {
    const { error, stack, button } = this.state;
    if (!error) return this.props.children;
    const details = `${window.location.href}\n${navigator.userAgent}\n${stack || error.message}`;
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(details);
        this.setState({ button: "Copied" });
      } catch {
        // Browsers have no clipboard for plain http, and may forbid it.
        if (this.details.current) getSelection()?.selectAllChildren(this.details.current);
        this.setState({ button: "Press Ctrl+C" });
      }
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
          <button type="button" onClick={() => void copy()}>
            {button}
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
        <section tabIndex={0} aria-label="Details for a report">
          <pre ref={this.details}>{details}</pre>
        </section>
      </div>
    );
  }
}
