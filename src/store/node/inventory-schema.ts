/** What all peers share: objects and the peers themselves. */

export const INVENTORY_SCHEMA = '';
