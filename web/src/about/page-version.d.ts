/** The release of which the page is; the build puts it in. */
declare const PAGE_VERSION: string;
