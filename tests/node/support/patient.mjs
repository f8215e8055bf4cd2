/** How long something in a page is waited for, in milliseconds: a machine of CI may be several times as slow as a desk's. */
const PATIENCE = 120_000;

/** Lets every page of a browser of Playwright wait that long. */
export function patient(browser) {
  const newContext = browser.newContext.bind(browser);
  // `newPage` of a browser makes its context by this, too.
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE);
    return context;
  };
  return browser;
}
