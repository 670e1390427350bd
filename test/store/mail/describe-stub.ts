/** Stands in for mime/describe where only the store is looked at: it knows Message-ID and References. */
import type { Describe } from '../../../src/store/mail/message-types.js';

export const describeStub: Describe = (raw) => {
  const end = raw.indexOf('\r\n\r\n');
  const headerBytes = end < 0 ? raw.length : end + 4;
  const header = raw.toString('latin1', 0, headerBytes);
  return {
    structure: '{}',
    subject: '',
    from: '',
    to: '',
    cc: '',
    bcc: '',
    messageIdHeader: /^Message-ID: (<.*>)/im.exec(header)?.[1] ?? '',
    sentAt: null,
    sentDay: null,
    headerBytes,
    envelope: Buffer.alloc(0),
    bodyStructure: null,
    preview: Buffer.from('""'),
    partIndex: '',
    listedFields: null,
    references: [...(/^References: (.*)/im.exec(header)?.[1] ?? '').matchAll(/<[^>]*>/g)].map(([id]) => id),
  };
};
