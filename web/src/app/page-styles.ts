import { makeStaticStyles } from "@fluentui/react-components";

/** Nothing moves for those who ask for that. The clock of a message is an animation as well, which nobody sees: it goes on. */
export const usePageStyles = makeStaticStyles([
  { body: { margin: 0 } },
  `@media (prefers-reduced-motion: reduce) {
    *:not([data-timer-status]), *::before, *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
      scroll-behavior: auto !important;
    }
  }`,
]);
