/** How English writes numbers, moments and lists. */
import { formats } from '../formats.js';

/** With the name of the month: 02/03 is two days, depending on who reads it. */
export const write = formats('en-GB', 'short');
