/** How German writes numbers, moments and lists. */
import { formats } from '../formats.js';

export const write = formats('de-DE', '2-digit');
