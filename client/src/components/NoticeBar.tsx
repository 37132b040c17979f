import { usePage, useValue } from "../store/hooks";
import type { Status } from "../store/status";
import { Icon, type IconName } from "./icons";

interface Notice {
  readonly icon: IconName;
  readonly text: string;
  /** Whether reloading the page helps. */
  readonly reload?: boolean;
}

const SURFACE_LOST: Notice = {
  icon: "warning",
  text: "The browser took the drawing surface away. It usually comes back by itself; your pixels are safe.",
  reload: true,
};

/** What everybody has to know for as long as it lasts: at most one line, the most severe. Toasts and status announce it. */
export function NoticeBar() {
  const { client } = usePage();
  const status = useValue(client.status);
  const notice = useValue(client.surfaceLost) ? SURFACE_LOST : noticeOf(status);
  return (
    <div className="notice-slot">
      {notice && (
        <p className="pill notice" data-testid="notice">
          <Icon name={notice.icon} size={16} />
          <span>{notice.text}</span>
          {notice.reload && (
            <button type="button" className="inline-action" onClick={() => window.location.reload()}>
              Reload
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function noticeOf(status: Status): Notice | null {
  if (status.version === "newer")
    return { icon: "warning", text: "Pixels was updated. Reload the page to go on painting.", reload: true };
  if (status.version === "older")
    return {
      icon: "warning",
      text: "This page is newer than the server. Reload in a moment to go on painting.",
      reload: true,
    };
  if (status.cookiesBlocked)
    return {
      icon: "warning",
      text: "Your browser blocks cookies here. You can look, but to paint allow cookies for this site and reload.",
      reload: true,
    };
  if (status.mode === "offline" && status.hasBitmap)
    return {
      icon: "offline",
      text: "This may be out of date. Painting is off until you are connected.",
    };
  if (status.mode === "degraded")
    return {
      icon: "warning",
      text: "Changes cannot be saved right now. Painting is off; it resumes by itself.",
    };
  if (status.banned) return { icon: "warning", text: "You may not place pixels at the moment." };
  if (status.paused) return { icon: "pause", text: status.notice || "A moderator paused the canvas." };
  if (status.notice) return { icon: "info", text: status.notice };
  if (status.role === "viewer") return { icon: "info", text: "You are watching: this session may not draw." };
  return null;
}
