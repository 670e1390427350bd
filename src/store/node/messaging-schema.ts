/** What is ours: identities, subscriptions, the public keys we know, and what we send. */

export const MESSAGING_SCHEMA = '';
