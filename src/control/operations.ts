/** All operations, in the order of the help text. */

import { backup } from './backup.js';
import { block } from './block.js';
import { blocked } from './blocked.js';
import { chanJoin } from './chan-join.js';
import { chanLeave } from './chan-leave.js';
import { chanList } from './chan-list.js';
import { chanSet } from './chan-set.js';
import { contactAdd } from './contact-add.js';
import { contactList } from './contact-list.js';
import { contactRemove } from './contact-remove.js';
import { contactRename } from './contact-rename.js';
import { doctor } from './doctor.js';
import { decrypt, encrypt, passphrase, unlock } from './encryption.js';
import { exportAddresses, exportKeys, exportMaildir, exportMbox } from './export.js';
import { identityDelete, identityUndelete } from './identity-delete.js';
import { identityList } from './identity-list.js';
import { identityNew } from './identity-new.js';
import { identitySet } from './identity-set.js';
import { identityShow } from './identity-show.js';
import { importEml, importMaildir, importMbox, importNotbit, importPybitmessage, importWif } from './import.js';
import { withKeys } from './keys.js';
import { mailDecrypt, mailEncrypt } from './mail-encryption.js';
import { listEnd, listMake } from './mailing-list.js';
import type { OfflineOperation, Operation } from './operation.js';
import { outboxCancel, outboxList, outboxRetry } from './outbox.js';
import { page } from './page.js';
import { reads } from './reads.js';
import { restore } from './restore.js';
import { setup } from './setup.js';
import { spelling } from './spelling.js';
import { status } from './status.js';
import { subscribe } from './subscribe.js';
import { subscriptionList } from './subscription-list.js';
import { unblock } from './unblock.js';
import { unsubscribe } from './unsubscribe.js';

export const OPERATIONS: readonly Operation[] = [
  status,
  setup,
  page,
  doctor,
  withKeys(identityNew),
  identityList,
  identityShow,
  identitySet,
  identityDelete,
  identityUndelete,
  listMake,
  listEnd,
  withKeys(chanJoin),
  chanLeave,
  chanSet,
  chanList,
  subscribe,
  unsubscribe,
  subscriptionList,
  contactAdd,
  contactList,
  contactRename,
  contactRemove,
  block,
  unblock,
  blocked,
  reads,
  outboxList,
  outboxRetry,
  outboxCancel,
  spelling,
  withKeys(importPybitmessage),
  withKeys(importNotbit),
  withKeys(importWif),
  importMbox,
  importEml,
  importMaildir,
  exportMbox,
  exportMaildir,
  withKeys(exportKeys),
  exportAddresses,
  backup,
  encrypt,
  unlock,
  passphrase,
  decrypt,
];

export const OFFLINE_OPERATIONS: readonly OfflineOperation[] = [restore, mailEncrypt, mailDecrypt];
