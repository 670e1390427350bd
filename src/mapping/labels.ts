/** The names under which the owner of this gateway knows addresses. */
import type { BitmessageNode } from '../bitmessage/node.js';
import type { Contacts } from '../store/contacts.js';
import type { Links } from '../store/links/links.js';
import type { Mailboxes } from '../store/mail/types.js';
import { type Named, toPetname } from './petnames.js';

export interface LabelsRooms {
  readonly node: BitmessageNode;
  readonly links: Links;
  readonly contacts: Contacts;
  readonly mailboxes: Mailboxes;
}

export class Labels {
  constructor(private readonly rooms: LabelsRooms) {}

  /** '' when there is none. A chan is called what its folder is called: the passphrase need not be shown. */
  of(address: string): string {
    const { contacts, links, mailboxes, node } = this.rooms;
    const folder = links.groupFolders.of(address);
    const mailbox = folder && mailboxes.byId(folder.mailboxId);
    if (mailbox !== undefined && folder?.kind === 'chan') return mailbox.path.split('/').at(-1) ?? '';
    return (
      node.identities().find((identity) => identity.address === address)?.label ??
      contacts.labelOf(address) ??
      node.subscriptions().find((subscription) => subscription.address === address)?.label ??
      ''
    );
  }

  trust(sender: string): 'own' | 'known' | 'unknown' | 'chan' {
    const { contacts, node } = this.rooms;
    const own = node.identities().find((identity) => identity.address === sender);
    if (own !== undefined) return own.chan ? 'chan' : 'own';
    const isKnown = contacts.labelOf(sender) !== undefined || node.subscriptions().some((subscription) => subscription.address === sender);
    return isKnown ? 'known' : 'unknown';
  }

  /** Whose names mail can be addressed to: contacts, and where no contact has the name, chans and own addresses. */
  named(): readonly Named[] {
    const contacts = this.rooms.contacts.all();
    const taken = new Set(contacts.map(({ label }) => toPetname(label)));
    const own = this.rooms.node.identities().map(({ address }) => ({ address, label: this.of(address) }));
    return [...contacts, ...own.filter(({ label }) => !taken.has(toPetname(label)))];
  }

  /** Every address that this gateway has met. */
  known(): string[] {
    const { contacts, links, node } = this.rooms;
    return [
      ...new Set([
        ...node.identities().map(({ address }) => address),
        ...node.subscriptions().map(({ address }) => address),
        ...contacts.all().map(({ address }) => address),
        ...links.conversations.seenAddresses(),
      ]),
    ];
  }
}
