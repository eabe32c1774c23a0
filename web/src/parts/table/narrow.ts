/** Below this width the table becomes a list of cards. */
export const NARROW = "@media (max-width: 56rem)";
