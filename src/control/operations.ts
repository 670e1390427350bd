/** All operations, in the order of the help text. */

import { backup } from './backup.js';
import { chanJoin } from './chan-join.js';
import { chanLeave } from './chan-leave.js';
import { chanList } from './chan-list.js';
import { exportAddresses, exportKeys, exportMaildir, exportMbox } from './export.js';
import { identityList } from './identity-list.js';
import { identityNew } from './identity-new.js';
import { identitySet } from './identity-set.js';
import { importEml, importMaildir, importMbox, importNotbit, importPybitmessage, importWif } from './import.js';
import { listEnd, listMake } from './mailing-list.js';
import type { OfflineOperation, Operation } from './operation.js';
import { restore } from './restore.js';
import { status } from './status.js';
import { subscribe } from './subscribe.js';
import { subscriptionList } from './subscription-list.js';
import { unsubscribe } from './unsubscribe.js';

export const OPERATIONS: readonly Operation[] = [
  status,
  identityNew,
  identityList,
  identitySet,
  listMake,
  listEnd,
  chanJoin,
  chanLeave,
  chanList,
  subscribe,
  unsubscribe,
  subscriptionList,
  importPybitmessage,
  importNotbit,
  importWif,
  importMbox,
  importEml,
  importMaildir,
  exportMbox,
  exportMaildir,
  exportKeys,
  exportAddresses,
  backup,
];

export const OFFLINE_OPERATIONS: readonly OfflineOperation[] = [restore];
