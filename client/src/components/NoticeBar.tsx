import { usePage, useValue } from "../store/hooks";
import type { Status } from "../store/status";
import { Icon, type IconName } from "./icons";

interface Notice {
  readonly icon: IconName;
  readonly text: string;
}

/** What everybody has to know for as long as it lasts: at most one line, the most severe. Toasts and status announce it. */
export function NoticeBar() {
  const { client } = usePage();
  const notice = noticeOf(useValue(client.status));
  return (
    <div className="notice-slot">
      {notice && (
        <p className="pill notice" data-testid="notice">
          <Icon name={notice.icon} size={16} />
          <span>{notice.text}</span>
        </p>
      )}
    </div>
  );
}

function noticeOf(status: Status): Notice | null {
  if (status.mode === "offline" && status.hasBitmap)
    return {
      icon: "offline",
      text: "This board may be out of date. Painting is off until the connection is back.",
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
