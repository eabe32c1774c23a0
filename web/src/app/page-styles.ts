import { makeStaticStyles } from "@fluentui/react-components";

export const usePageStyles = makeStaticStyles({
  body: { margin: 0 },
  "@media (prefers-reduced-motion: reduce)": {
    "*, *::before, *::after": {
      animationDuration: "0.01ms !important",
      animationIterationCount: "1 !important",
      transitionDuration: "0.01ms !important",
      scrollBehavior: "auto !important",
    },
  },
});
