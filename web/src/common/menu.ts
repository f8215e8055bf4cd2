/** Menus are drawn where their buttons are, within the landmarks of the page, and lie over what clips. */
export const IN_PLACE = { inline: true, positioning: { strategy: "fixed", autoSize: true } } as const;
