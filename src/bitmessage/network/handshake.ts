/** The version exchange, as a pure state machine: who says what, in which order, and what ends it. */
import type { UnixSeconds } from '../../base/clock.js';
import { NODE_SSL, type VersionMessage } from '../wire/messages.js';
import { PROTOCOL_VERSION, type StreamNumber } from '../wire/params.js';

export interface Handshake {
  readonly role: 'initiator' | 'acceptor';
  readonly verackReceived: boolean;
  /** The peer's version, once it is found good. */
  readonly version: VersionMessage | undefined;
  readonly done: boolean;
}

export type HandshakeEvent =
  | { readonly event: 'connected' }
  /** `objection` is what `judgeVersion` says. */
  | { readonly event: 'version'; readonly version: VersionMessage; readonly objection: Objection | undefined }
  | { readonly event: 'verack' }
  | { readonly event: 'other'; readonly command: string };

export type HandshakeAction =
  | { readonly action: 'send-version' }
  | { readonly action: 'send-verack' }
  /** Send `error`, flush, close. */
  | { readonly action: 'refuse'; readonly text: string }
  /** Close without a word. `misbehaved`: no honest peer does this. */
  | { readonly action: 'close'; readonly reason: string; readonly misbehaved: boolean }
  | { readonly action: 'established' };

export interface HandshakeStep {
  readonly state: Handshake;
  readonly actions: readonly HandshakeAction[];
}

export function beginHandshake(role: Handshake['role']): Handshake {
  return { role, verackReceived: false, version: undefined, done: false };
}

/**
 * The initiator sends its version at once. The acceptor answers with verack BEFORE its own version: notbit waits for
 * that order, and TLS with MiNode breaks with the other (PROTOCOL 1.6). The initiator takes either order.
 */
export function step(state: Handshake, event: HandshakeEvent): HandshakeStep {
  if (state.done) return { state, actions: [] };
  switch (event.event) {
    case 'connected':
      return { state, actions: state.role === 'initiator' ? [{ action: 'send-version' }] : [] };
    case 'version': {
      if (state.version !== undefined) return close(state, 'second version', true);
      if (event.objection !== undefined) {
        return { state: { ...state, done: true }, actions: [{ action: 'refuse', text: event.objection.text }] };
      }
      const answers: HandshakeAction[] =
        state.role === 'acceptor' ? [{ action: 'send-verack' }, { action: 'send-version' }] : [{ action: 'send-verack' }];
      return finish({ ...state, version: event.version }, answers);
    }
    case 'verack':
      if (state.verackReceived) return close(state, 'second verack', true);
      // An acceptor has said nothing yet that could be acknowledged.
      if (state.role === 'acceptor' && state.version === undefined) return close(state, 'verack before version', true);
      return finish({ ...state, verackReceived: true }, []);
    case 'other':
      // error is legal at any time; the caller logs it.
      if (event.command === 'error') return { state, actions: [] };
      return close(state, `${event.command} before the version exchange was over`, true);
  }
}

function finish(state: Handshake, actions: readonly HandshakeAction[]): HandshakeStep {
  if (state.version === undefined || !state.verackReceived) return { state, actions };
  return { state: { ...state, done: true }, actions: [...actions, { action: 'established' }] };
}

function close(state: Handshake, reason: string, misbehaved: boolean): HandshakeStep {
  return { state: { ...state, done: true }, actions: [{ action: 'close', reason, misbehaved }] };
}

export interface Objection {
  readonly reason: 'old-protocol' | 'clock-ahead' | 'clock-behind' | 'streams' | 'too-many-from-ip' | 'full' | 'self' | 'no-tls';
  readonly text: string;
}

/** What the network knows at the moment a version arrives. */
export interface VersionFacts {
  readonly now: UnixSeconds;
  readonly streams: readonly StreamNumber[];
  readonly tooManyFromIp: boolean;
  /** Also said when that peer is connected already: one text for both hides who is connected to whom. */
  readonly full: boolean;
  /** The nonce is one that we sent on an open connection. */
  readonly self: boolean;
  readonly tlsRequired: boolean;
}

/** PyBitmessage MAX_TIME_OFFSET. */
const MAX_CLOCK_OFFSET_SECONDS = 3600n;

/** The checks of PyBitmessage (bmproto.py peerValidityChecks), in its order and with its texts. */
export function judgeVersion(version: VersionMessage, facts: VersionFacts): Objection | undefined {
  const offset = version.timestamp - BigInt(facts.now);
  if (version.protocolVersion < PROTOCOL_VERSION) return objection('old-protocol', 'Your is using an old protocol.');
  if (offset > MAX_CLOCK_OFFSET_SECONDS) return objection('clock-ahead', 'Your time is too far in the future compared to mine.');
  if (offset < -MAX_CLOCK_OFFSET_SECONDS) return objection('clock-behind', 'Your time is too far in the past compared to mine.');
  // PyBitmessage objects only to a list that it could not read; a peer without a common stream has nothing to give.
  if (!version.streams.some((stream) => facts.streams.includes(stream)))
    return objection('streams', "We don't have shared stream interests.");
  if (facts.tooManyFromIp) return objection('too-many-from-ip', 'Too many connections from your IP.');
  if (facts.full) return { reason: 'full', text: 'Server full, please try again later.' };
  if (facts.self) return objection('self', "I'm connected to myself.");
  if (facts.tlsRequired && (version.services & NODE_SSL) === 0n) return objection('no-tls', 'TLS is required here.');
  return undefined;
}

function objection(reason: Objection['reason'], sentence: string): Objection {
  return { reason, text: `${sentence} Closing connection.` };
}
