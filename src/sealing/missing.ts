/** What is to be done for encrypted mail to be opened by what is installed here. */
import { fileURLToPath } from 'node:url';
import { LEAST_NODE, SEALED_DRIVER } from '../store/sealed-driver.js';
import type { Saying } from '../words/words.js';

/** Beside Postern's own packages; package.json, which belongs to its source, stays as it is. */
const INSTALL = `npm install --no-save --prefix "${fileURLToPath(new URL('../../../', import.meta.url))}" ${SEALED_DRIVER}`;

export function missingSaying(lacks: 'node' | 'driver'): Saying {
  return ({ keys }) =>
    lacks === 'node' ? keys.mail.needsNode(LEAST_NODE.join('.'), process.versions.node) : keys.mail.needsDriver(INSTALL);
}
