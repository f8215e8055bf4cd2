let hasFailed = false;

/**
 * Loads code of the page. A browser may keep the failure of code that did not load as long as its document lives, so that another
 * failure is answered by another document.
 */
export async function loadCode<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch (error) {
    if (hasFailed) location.reload();
    hasFailed = true;
    throw error;
  }
}
