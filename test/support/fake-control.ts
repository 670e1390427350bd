/** A node and groups that only remember, for tests of the faces in front of them. */
import type { Logins } from '../../src/access/login.js';
import type { BitmessageNode, Identity, OutgoingMessage } from '../../src/bitmessage/node.js';
import type { ControlRooms, Group } from '../../src/control/operation.js';
import { explainAddress, findAddress } from '../../src/mapping/address.js';
import { ContactRefusal } from '../../src/mapping/contacts.js';
import { english } from '../../src/words/english/english.js';

export const MAIL = {
  imap: { host: '127.0.0.1', port: 1143, tlsPort: 1993 },
  smtp: { host: '127.0.0.1', port: 1587, tlsPort: 1465 },
  user: 'postern',
  caPath: '/data/certificates/ca.pem',
  fingerprint: 'AB:CD',
};

/** Lets the combined user in with the password of `fakeControl`. */
export const FAKE_LOGINS: Pick<Logins, 'check'> = {
  check: async (user, password) => (password === 'pass-word' ? { user, identity: null } : null),
};

const refuse = (): never => {
  throw new Error('not asked for here');
};
/** Keys that are not encrypted. */
export const OPEN_CUSTODY: ControlRooms['custody'] = {
  state: 'open',
  opensByLogin: false,
  isMailSealed: false,
  unlock: refuse,
  encrypt: refuse,
  decrypt: refuse,
  changePassphrase: refuse,
};

export function fakeControl(outgoing: OutgoingMessage[] = []): ControlRooms {
  const identities: Identity[] = [];
  const chans: Group[] = [];
  const subscriptions: Group[] = [];
  const drop = (groups: Group[], address: string): void => {
    groups.splice(
      groups.findIndex((group) => group.address === address),
      1,
    );
  };
  const node: Partial<BitmessageNode> = {
    identities: () => identities,
    deletedIdentities: () => [],
    createIdentity: async ({ label, version = 4, passphrase = 'random' }) => {
      const identity = {
        address: `BM-${version}${passphrase}`,
        label,
        enabled: true,
        chan: false,
        createdAt: 1_700_000_000,
        mailingList: null,
        ttlSeconds: 0,
        sendDelaySeconds: null,
        signatureDigest: 'sha256' as const,
        demand: { nonceTrialsPerByte: 1000, extraBytes: 1000 },
      };
      identities.push(identity);
      return identity;
    },
    updateIdentity: (address, { label, enabled, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest }) => {
      const index = identities.findIndex((identity) => identity.address === address);
      const before = identities[index];
      identities[index] = {
        ...before,
        label: label ?? before.label,
        enabled: enabled ?? before.enabled,
        mailingList: mailingList === undefined ? before.mailingList : mailingList,
        ttlSeconds: ttlSeconds ?? before.ttlSeconds,
        sendDelaySeconds: sendDelaySeconds === undefined ? before.sendDelaySeconds : sendDelaySeconds,
        signatureDigest: signatureDigest ?? before.signatureDigest,
      };
    },
    workSeconds: () => null,
    outgoing: () => outgoing,
    status: () => ({
      peers: [
        {
          address: '127.0.0.1:8444',
          direction: 'outbound',
          userAgent: '/Peer:1/',
          tls: true,
          connectedAt: 1_700_000_000,
          clockAheadSeconds: 1,
        },
      ],
      objects: 7,
      unprocessed: 2,
      lookedBack: null,
      takesObjects: true,
      workIsHeld: false,
      listening: { host: '127.0.0.1', port: 8444 },
      knownNodes: 3,
      route: {
        proxy: 'socks5://127.0.0.1:9050',
        onionProxy: null,
        isolated: true,
        strict: true,
        proxyProblem: null,
        onionAddress: null,
        onionProblem: null,
      },
    }),
  };
  return {
    mail: MAIL,
    node: node as BitmessageNode,
    // No contacts; addresses are taken as they are written.
    contacts: {
      list: () => [],
      find: (wanted: string) => {
        throw new ContactRefusal(({ contacts }) => contacts.unknown(wanted));
      },
      address: (typed: string) => {
        const address = findAddress(typed, () => []);
        if (address === null) throw new ContactRefusal(explainAddress(typed, () => []));
        return address;
      },
    } as unknown as ControlRooms['contacts'],
    blocking: { blocked: () => [] } as unknown as ControlRooms['blocking'],
    migration: {
      folders: () => ['INBOX', 'Chans/gärtnern'],
      findPybitmessage: () => '/home/alice/.config/PyBitmessage',
    } as unknown as ControlRooms['migration'],
    backup: {} as ControlRooms['backup'],
    custody: OPEN_CUSTODY,
    readings: { tell: () => {} },
    chanLimits: { of: () => ({ postsPerDay: 500, postBytes: 262_144 }), set: () => {} },
    speller: { choose: () => false },
    scheduled: { list: () => [], cancel: () => false },
    password: 'pass-word',
    premises: { dataDirectory: '/data', logLevel: 'info', findFault: async () => null },
    words: english,
    openPage: () => 'http://127.0.0.1:1180/?ticket=t',
    groups: {
      chans: () => chans,
      subscriptions: () => subscriptions,
      joinChan: async (passphrase, label) => {
        const chan = { address: `BM-chan-${passphrase}`, label: label || passphrase, folder: `Chans/${label || passphrase}` };
        chans.push(chan);
        return chan;
      },
      leaveChan: async (address) => drop(chans, address),
      subscribe: async (address, label) => {
        const subscription = { address, label: label || address, folder: `Subscriptions/${label || address}` };
        subscriptions.push(subscription);
        return subscription;
      },
      unsubscribe: async (address) => drop(subscriptions, address),
    },
  };
}
