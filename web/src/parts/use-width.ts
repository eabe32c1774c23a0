import { useEffect, useRef, useState } from "react";

const WIDEST = 900;

/** How wide an element is: a picture drawn to its width keeps its letters as large as those beside it. */
export function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDEST);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}
