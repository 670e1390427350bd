/**
 * What a mail program shows when a mail is taken, or refused: one line, in ASCII once it is on its way. Numbers stand as SIZE and the
 * settings have them, so that they can be compared and searched.
 */
import { about } from './outgoing.js';
import { write } from './write.js';

export const sending = {
  /** Recipients. */
  notOurDomain: (domain: string, form: string) => `${domain} is not Bitmessage: mail goes to ${form} only, not to the Internet`,
  unknownTag: (tag: string) => `"+${tag}" means nothing in an address; known are +ttl=2d, +broadcast and +unsubscribe`,
  badTag: (tag: string, why: string) => `"+${tag}": ${why}`,
  versionOne: (address: string) => `${address} is of version 1, which no program can use any more`,
  otherStream: (address: string, stream: string) => `${address} is in stream ${stream}, which is not reachable from here`,
  lowered: (address: string, candidates: readonly string[]) =>
    `${address} has lost its capital letters and could be ${write.either(candidates)}: please write one of them`,
  loweredMistyped: (address: string) => `${address} is mistyped: whatever its capital letters were, its check digits do not fit`,
  loweredNone: (address: string) => `${address} is mistyped or cut: it is no address, whatever its capital letters were`,
  loweredAccepted: 'Accepted; the address has lost its capital letters, and the mail waits in Outbox until they are found',
  loweredHeld: (address: string) => `held in Outbox: finding the right spelling of ${address}`,
  loweredTooMany: (most: number) =>
    `${most} addresses without their capital letters are being looked for already: please try again in some minutes, or write the address as it is`,
  namesakes: (name: string, addresses: readonly string[]) => `"${name}" could be ${write.either(addresses)}: please write the address`,
  didYouMean: (typed: string, address: string) => `${typed} is mistyped. Did you mean ${address}?`,
  nobody: (name: string) =>
    `Nobody called "${name}" is known here. Write to the BM-... address, make a contact of that name, or join that chan first`,
  nobodyButMaybe: (name: string, guesses: readonly string[]) =>
    `Nobody called "${name}" is known here. Did you mean ${write.either(guesses)}?`,
  noAddress: {
    invalidcharacters: (typed: string) => `${typed} is not a Bitmessage address: it holds characters that no address has`,
    checksumfailed: (typed: string) => `${typed} is mistyped or cut: its check digits do not fit`,
    varintmalformed: (typed: string) => `${typed} is not a Bitmessage address: its version or stream is malformed`,
    versiontoohigh: (typed: string) => `${typed} is of an address version that is not known here`,
    ripetooshort: (typed: string) => `${typed} is not a Bitmessage address: it is too short`,
    ripetoolong: (typed: string) => `${typed} is not a Bitmessage address: it is too long`,
    encodingproblem: (typed: string) => `${typed} is not written in the one form that an address of its version has`,
  },
  namecoin: {
    notConfigured: (name: string) => `"${name}" is a Namecoin name, and no Namecoin node is configured (namecoin.rpc)`,
    unreachable: (name: string, why: string) => `"${name}" cannot be looked up now: ${why}`,
    notAnAddress: (name: string) => `"${name}" leads to something in Namecoin that is no Bitmessage address`,
    refused: {
      unknown: (name: string) => `"${name}" is unknown to Namecoin`,
      expired: (name: string) => `"${name}" has expired in Namecoin: anybody may own it by now`,
      valueless: (name: string) => `"${name}" has no value in Namecoin`,
      'without-address': (name: string) => `"${name}" names no Bitmessage address in Namecoin`,
    },
    resolved: (name: string, address: string) => `${name} is ${address}`,
  },
  onlyItself: (address: string, sender: string) => `Only ${address} itself can write to its subscribers; this mail is from ${sender}`,

  /** Senders. */
  notYours: (from: string, own: string) =>
    `"${from}" is not one of your identities. Set the sender in your mail program to one, such as ${own}`,
  otherIdentity: (own: string, other: string) => `This login sends as ${own} only, not as ${other}`,
  switchedOff: (address: string) => `The identity ${address} is switched off`,

  /** The mail. */
  noRecipient: 'The mail has no recipient',
  cannotBeSent: (why: string) => `The mail cannot be sent: ${why}`,
  tooFarAhead: 'it is to be sent more than a year ahead',
  ttlForm: 'a time to live looks like 2d, 36h or 90m',
  ttlTooLong: 'the network keeps a message for 28 days at most',
  ttlTooShort: 'a message must live for five minutes at least',
  expiresNoDate: 'the Expires header is not a date',
  expiresTooSoon: 'the Expires header lies less than five minutes ahead',
  tooLarge: (bytes: number, most: number) =>
    `The mail has ${kilobytes(bytes)} kB; Bitmessage carries ${kilobytes(most)} kB at most. Please send less, or in parts`,
  contentTooLarge: (bytes: number, most: number) =>
    `Text and files make ${bytes} bytes; a Bitmessage carries ${most} at most. Please send less, or in parts`,
  tooManyFiles: (files: number, most: number) => `The mail has ${files} attachments; a Bitmessage carries ${most} at most`,
  outlook: "The mail is in Outlook's Rich Text format (winmail.dat). Set its format to HTML or plain text and send it again",
  readsPlain: (address: string, file: string, control: string) =>
    `${address} reads plain messages only: "${file}" would not be shown there. Send it without the file. If it can be read there, say "reads ${address} extended" to ${control}`,
  tooDifficult: (address: string, trials: number, extraBytes: number) =>
    `${address} demands more work than your settings allow: ${trials} trials per byte and ${extraBytes} extra bytes. Raise pow.max_nonce_trials_per_byte and pow.max_extra_bytes to write to it`,
  tooDifficultFor: (address: string, trials: number, extraBytes: number, seconds: number) =>
    `${address} demands more work than your settings allow: ${trials} trials per byte and ${extraBytes} extra bytes, ${about(seconds)} on this computer. Raise pow.max_nonce_trials_per_byte and pow.max_extra_bytes to write to it`,

  /** Taken. */
  queued: (id: string) => `queued as ${id}`,
  queuedForMany: (ids: string, count: number) => `queued as ${ids} for ${count} recipients`,
  workTakes: (seconds: number) => `; the proof of work takes ${about(seconds)}`,
  workTakesLater: (seconds: number) => `; the proof of work takes ${about(seconds)}, once the key is here`,
  locked: '; your keys are locked, and it goes out when they are unlocked',
  heldUntil: (time: number) => `held in Outbox until ${write.time(time)}`,
  orderAlone: (control: string) => `A mail to ${control} goes to nobody else: write to it alone`,
  orderFromChan: (control: string) => `${control} listens to your identities, not to a chan`,
  orderTaken: 'it will be done, and the answer comes into INBOX',
  orderTakenBefore: 'this mail came before, and nothing is done twice',
  combinedOnly: 'Only the combined login can leave chans and end subscriptions',
  noMember: (address: string) => `${address} is neither a chan of yours nor a subscription`,
  left: (addresses: string) => `left ${addresses}; the folder is in Trash, and moving it back undoes this`,

  /** The connection. */
  wrongLogin: "User name or password is wrong: Postern's local page shows both",
  logInFirst: 'Start TLS and log in first',
  broken: 'The connection broke before the message was complete',
  tooManyErrors: 'Too many errors on this connection',
  tooManyPasswords: 'Too many wrong passwords',
  tooManyConnections: 'Too many connections: log in to keep one',
  shuttingDown: 'Postern is shutting down',
  endless: 'A message without end',
  diskFull: 'The disk is full: make room and try again',
  damaged: 'The database is damaged: "postern doctor" looks at it',
  internalError: 'Internal error, please try again',
};

/** Of a limit, too: whole ones that fit. */
function kilobytes(bytes: number): string {
  return write.number(Math.floor(bytes / 1000));
}
