/** Which mail is which Bitmessage: the one table across the wall between mail and node, for mapping alone. */

export const LINKS_SCHEMA = '';
