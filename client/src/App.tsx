import { useEffect } from "react";
import { CanvasView } from "./components/CanvasView";
import { HelpButton, HelpSheet } from "./components/HelpSheet";
import { EmptyHint, FirstHint } from "./components/Hints";
import { LoadingCurtain } from "./components/LoadingCurtain";
import { NoticeBar } from "./components/NoticeBar";
import { PalettePanel } from "./components/PalettePanel";
import { Readout } from "./components/Readout";
import { StatusPill } from "./components/StatusPill";
import { ToastList } from "./components/ToastList";
import { ToolBar } from "./components/ToolBar";
import { ZoomControls } from "./components/ZoomControls";
import { attachKeyboard } from "./input/keyboard";
import { type Page, PageContext } from "./store/hooks";

export function App({ page }: { page: Page }) {
  useEffect(() => attachKeyboard(page.actions), [page]);
  return (
    <PageContext value={page}>
      <main className="app">
        <CanvasView />
        <LoadingCurtain />
        <EmptyHint />
        <header className="top">
          <StatusPill />
          <NoticeBar />
          <HelpButton />
        </header>
        <div className="messages">
          <ToastList />
          <FirstHint />
        </div>
        <footer className="corner">
          <Readout />
          <ZoomControls />
        </footer>
        <div className="dock">
          <ToolBar />
          <PalettePanel />
        </div>
        <HelpSheet />
      </main>
    </PageContext>
  );
}
