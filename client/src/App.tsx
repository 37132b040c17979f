import { useEffect, useLayoutEffect } from "react";
import { CanvasView } from "./components/CanvasView";
import { ConfirmBar } from "./components/ConfirmBar";
import { EmptyHint, FirstHint } from "./components/Hints";
import { LiveRegion } from "./components/LiveRegion";
import { LoadingCurtain } from "./components/LoadingCurtain";
import { MenuBar } from "./components/MenuBar";
import { Minimap } from "./components/Minimap";
import { NoticeBar } from "./components/NoticeBar";
import { PalettePanel } from "./components/PalettePanel";
import { Readout } from "./components/Readout";
import { Sheets } from "./components/Sheets";
import { StatusPill } from "./components/StatusPill";
import { ToastList } from "./components/ToastList";
import { ToolBar } from "./components/ToolBar";
import { Tooltip } from "./components/Tooltip";
import { ZoomControls } from "./components/ZoomControls";
import { attachKeyboard } from "./input/keyboard";
import { type Page, PageContext, useValue } from "./store/hooks";

export function App({ page }: { page: Page }) {
  useEffect(() => attachKeyboard(page.actions), [page]);
  const { side, theme } = useValue(page.client.settings.values);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <PageContext value={page}>
      <main className="app" data-side={side}>
        <CanvasView />
        <LoadingCurtain />
        <EmptyHint />
        <header className="top">
          <StatusPill />
          <NoticeBar />
          <MenuBar />
        </header>
        <ToastList />
        <div className="messages">
          <FirstHint />
        </div>
        <footer className="corner">
          <div className="corner-stack">
            <Minimap />
            <Readout />
          </div>
          <ZoomControls />
        </footer>
        <ConfirmBar />
        <div className="dock">
          <ToolBar />
          <PalettePanel />
        </div>
        <Tooltip />
        <Sheets />
        <LiveRegion />
      </main>
    </PageContext>
  );
}
