/** Styles of what is only heard: a reader of the screen says it, and nobody sees it. */
export const UNSEEN = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflowX: "hidden",
  overflowY: "hidden",
  clipPath: "inset(50%)",
} as const;
