/** NOOP and CHECK, RFC 9051 §6.1.2 and RFC 3501 §6.4.1: the session tells what is new after every command anyway. */
import { ANY_STATE, type Command, parseNothing, SELECTED } from '../command.js';

export const noop: Command<undefined> = { states: ANY_STATE, parse: parseNothing, run: async () => undefined };

/** Nothing to flush: every change is on the disk before its OK. */
export const check: Command<undefined> = { states: SELECTED, parse: parseNothing, run: async () => undefined };
