/** The tables of the node side. */
import { INVENTORY_SCHEMA } from './inventory-schema.js';
import { MESSAGING_SCHEMA } from './messaging-schema.js';
import { ONION_KEYS_SCHEMA } from './onion-keys.js';
import { SENDER_LISTS_SCHEMA } from './sender-lists.js';

export const NODE_SCHEMA = INVENTORY_SCHEMA + MESSAGING_SCHEMA + SENDER_LISTS_SCHEMA + ONION_KEYS_SCHEMA;
