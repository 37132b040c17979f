/** The icons, drawn on a 20 by 20 grid with the text colour. Decorative: the buttons carry the labels. */

const PATHS = {
  brush:
    "M12.9 3.2a1.9 1.9 0 0 1 2.7 0l1.2 1.2a1.9 1.9 0 0 1 0 2.7L8 15.9 3.4 16.6 4.1 12z M11.2 4.900l3.9 3.9",
  eraser:
    "M7.5 16.5 3.3 12.300a1.6 1.6 0 0 1 0-2.300l6.7-6.700a1.6 1.6 0 0 1 2.3 0l4.4 4.400a1.6 1.6 0 0 1 0 2.300l-6.5 6.500zM6.6 6.700l6.7 6.700M7.5 16.500H17",
  eyedropper:
    "M11.3 5.700l3 3M9.8 4.200l6 6M12.6 7l2.9-2.900a1.5 1.5 0 0 1 0 0M10.5 6.300l-6 6-.8 4 4-.8 6-6M12.8 7.200l2.6-2.6",
  pan: "M10 2.500v15M2.5 10h15M10 2.5 7.8 4.700M10 2.500l2.2 2.200M10 17.500l-2.2-2.200M10 17.500l2.2-2.200M2.5 10l2.2-2.200M2.5 10l2.2 2.200M17.5 10l-2.2-2.200M17.5 10l-2.2 2.2",
  grid: "M3.5 3.500h13v13h-13zM3.5 7.833h13M3.5 12.167h13M7.833 3.500v13M12.167 3.500v13",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  fit: "M3.5 7.500v-4h4M12.5 3.500h4v4M16.5 12.500v4h-4M7.5 16.500h-4v-4",
  close: "M5 5l10 10M15 5 5 15",
  live: "M6.2 13.800a5.4 5.4 0 0 1 0-7.600M13.8 6.200a5.4 5.4 0 0 1 0 7.600M3.7 16.300a8.9 8.9 0 0 1 0-12.600M16.3 3.700a8.9 8.9 0 0 1 0 12.600M10 10h.01",
  sync: "M16.3 8.500A6.5 6.5 0 0 0 4.6 6.400M3.7 11.500a6.5 6.5 0 0 0 11.7 2.100M4.3 3.200v3.400h3.400M15.7 16.800v-3.400h-3.4",
  warning: "M10 3.2 17.6 16.500H2.400zM10 8.200v3.600M10 14.200h.01",
  offline:
    "M3 3l14 14M3.2 8.700a10 10 0 0 1 3-2M9 5.600a10 10 0 0 1 7.8 3.100M6.2 11.700a5.8 5.8 0 0 1 2.6-1.500M12.5 10.800a5.8 5.8 0 0 1 1.3.9M10 15.200h.01",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.200v4M10 6.700h.01",
  lock: "M5.5 9h9v7.5h-9zM7.300 9V6.700a2.7 2.7 0 0 1 5.4 0V9",
  pause: "M7.3 5v10M12.7 5v10",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return <img className="logo" src="/favicon.svg" alt="" width={24} height={24} />;
}
