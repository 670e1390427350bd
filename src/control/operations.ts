/** All operations, in the order of the help text. */
import { chanJoin, chanLeave, chanList } from './chan.js';
import { identityList } from './identity-list.js';
import { identityNew } from './identity-new.js';
import type { Operation } from './operation.js';
import { status } from './status.js';
import { subscribe, subscriptionList, unsubscribe } from './subscription.js';

export const OPERATIONS: readonly Operation[] = [
  status,
  identityNew,
  identityList,
  chanJoin,
  chanLeave,
  chanList,
  subscribe,
  unsubscribe,
  subscriptionList,
];
