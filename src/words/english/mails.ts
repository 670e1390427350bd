/** The mails that Postern itself writes. */

export const mails = {
  welcome: {
    subject: 'Welcome to Bitmessage',
    text: (address: string, domain: string, control: string) => `This is your Bitmessage address:

    ${address}

Give it to people as it is; capital letters matter.


WRITE TO SOMEBODY
  Send a mail to BM-...@${domain}. It lies in Outbox while your
  computer works for it, goes to Sent when it is on the network, and is
  marked $Delivered when the other side has decrypted it. To stop it,
  delete it from Outbox. For a first try, write to yourself.

JOIN A CHAN, a group for all who know its passphrase
  Make a folder under Chans, and name it after the passphrase. Whoever
  has Chans/general writes to general@${domain}. To leave, delete it.

READ SOMEBODY'S BROADCASTS
  Make a folder under Subscriptions, and name it after the address.

WRITE TO ALL WHO READ YOURS
  Send a mail to broadcast@${domain}.

GIVE ORDERS BY MAIL
  What is to be done stands in the subject. Each of these opens a new
  mail; it goes to this program only, and the answer comes at once.

  Help             <mailto:${control}?subject=help>
  How it stands    <mailto:${control}?subject=status>
  Join a chan      <mailto:${control}?subject=join%20general>
  Another address  <mailto:${control}?subject=new%20identity%20Work>


Answers, threads and attachments (250 kB or so) work as in any mail.
Your name, mail program, computer and time zone never leave this machine.
`,
  },
  newAddress: {
    subject: (label: string) => `Your new address: ${label}`,
    text: (label: string, address: string, remove: string) => `By logging in as new+${label} you have made this Bitmessage address:

    ${address}

Enter it in your mail program as the e-mail address of this account. As user name both will do: it, and what
you have typed. The account shows the mail of this address alone, and sends from it.

If you did not mean to make one, delete it again:

    ${remove}
`,
  },
  orderAnswer: 'Re: your order',
  notSent: {
    subject: (subject: string) => `Not sent: ${subject}`,
    text: (subject: string, why: string) =>
      `Your mail "${subject}" was to be sent now, and cannot be:\n\n${why}.\n\nIt lies in Outbox still; delete it there, or edit it as new and send it again.\n`,
  },

  /** What became of one recipient's copy. */
  report: {
    subjects: {
      failed: (subject: string) => `Not delivered: ${subject}`,
      delayed: (subject: string) => `Still waiting: ${subject}`,
      delivered: (subject: string) => `Delivered: ${subject}`,
      relayed: (subject: string) => `Sent: ${subject}`,
    },
    text: (mail: string, recipient: string, sentence: string) => `${mail}\nto ${recipient}\n\n${sentence}\n`,
    nameless: 'Your mail',
    mail: (subject: string) => `Your mail "${subject}"`,
    delayed:
      "waits for the recipient's key. The network has been asked for it and will be asked again; the recipient's program must be running to answer. You need do nothing, and will hear no more of this until it is settled.",
    delivered: "was decrypted by the recipient's program. Whether somebody has read it, nobody can tell.",
    relayed: 'is on the network. Nobody acknowledges a mail of this kind, so this is all that can be known.',
    failed: {
      'no-acknowledgement':
        "was sent several times, and the recipient's program has never acknowledged it. It may be switched off for good.",
      'no-pubkey': "could not be encrypted: the recipient's key never came. The recipient's program may be switched off for good.",
      'too-difficult':
        'was not sent: the recipient demands more proof of work than your settings allow. "postern outbox retry" sends it all the same.',
      'bad-key': "could not be encrypted: the recipient's key is not valid.",
      'too-large': 'was not sent: it is larger than the network carries.',
    },
  },

  /** An address had lost its capital letters. */
  spelling: {
    about: (mail: string, typed: string) => `${mail} is addressed to\n\n${typed}\n\nwhich has lost its capital letters.`,
    found: {
      subject: (subject: string) => `Address found: ${subject}`,
      text: (about: string, address: string) =>
        `${about}\n\nThe check digits tell which address it is, and your mail is being sent to\n\n${address}\n\nPlease correct it in your address book: capital letters count in an address.\n`,
    },
    choice: {
      subject: (subject: string) => `Which address? ${subject}`,
      text: (about: string, links: string) =>
        `${about}\n\nIts check digits fit more than one address, of which only one can be real. The network is being asked for the key of each; the one that has a key gets your mail, and you need do nothing. If you know which it is, send the mail that stands below it:\n\n${links}\n`,
    },
    unknown: (about: string) =>
      `${about}\n\nWhatever its capital letters were, its check digits do not fit: it is mistyped. Please copy the address again, as it is, and send the mail once more.\n`,
  },

  /** In place of a message that came and cannot be shown. */
  unreadable: {
    subject: 'A message that cannot be shown',
    unknownEncoding: (encoding: string) => `its encoding (${encoding}) is not known here`,
    damaged: (why: string) => `it is damaged (${why})`,
    text: (why: string) =>
      `This message was decrypted and its signature is good, but it cannot be shown: ${why}.\nIts bytes, just as they came, are attached.\n`,
  },

  /** What an address book program calls our books. */
  books: { contacts: 'Contacts', identities: 'My addresses', subscriptions: 'Subscriptions', chans: 'Chans' },
};
