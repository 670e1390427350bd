/** The tables of the node side. */
import { INVENTORY_SCHEMA } from './inventory-schema.js';
import { MESSAGING_SCHEMA } from './messaging-schema.js';

export const NODE_SCHEMA = INVENTORY_SCHEMA + MESSAGING_SCHEMA;
