import { makeStaticStyles } from "@fluentui/react-components";

export const usePageStyles = makeStaticStyles([
  { body: { margin: 0 } },
  `@media (prefers-reduced-motion: reduce) {
    *, *::before, *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
      scroll-behavior: auto !important;
    }
  }`,
]);
