/** What mail programs fetch of a folder: the rows of the benchmark that read messages. */

export interface FetchTask {
  readonly name: string;
  readonly command: string;
}

/** What is read whole, or in large part, is read of so many. */
const BODIES = 1000;

/** The fields that mail programs ask of every message of a folder. */
const THUNDERBIRD = 'From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To';
const MUTT =
  'DATE FROM SENDER SUBJECT TO CC MESSAGE-ID REFERENCES CONTENT-TYPE CONTENT-DESCRIPTION IN-REPLY-TO REPLY-TO LINES LIST-POST LIST-SUBSCRIBE LIST-UNSUBSCRIBE X-LABEL X-ORIGINAL-TO';
const K9 =
  'date subject from content-type to cc bcc reply-to message-id references in-reply-to list-post list-unsubscribe sender X-K9mail-Identity Chat-Version';

export const FETCH_TASKS: readonly FetchTask[] = [
  all('FLAGS', '(FLAGS)'),
  all('ENVELOPE', '(ENVELOPE)'),
  all('HEADER.FIELDS', headerFields(THUNDERBIRD)),
  all('HEADER.FIELDS as mutt', headerFields(MUTT)),
  all('HEADER.FIELDS as K-9', headerFields(K9)),
  all('HEADER.FIELDS (X-TUID)', headerFields('X-TUID')), // mbsync
  all('HEADER', '(BODY.PEEK[HEADER])'),
  all('BODYSTRUCTURE', '(BODYSTRUCTURE)'),
  all('PREVIEW', '(PREVIEW)'),
  all('BINARY.SIZE', '(BINARY.SIZE[1])'),
  { name: `FETCH of ${BODIES} bodies`, command: `FETCH 1:${BODIES} (BODY.PEEK[])` },
  some('BODY[1]'),
  some('BODY[1]<0.2048>'),
  some('BODY[TEXT]<0.2048>'),
  some('BINARY[1]'),
];

function headerFields(names: string): string {
  return `(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (${names})])`;
}

function all(name: string, items: string): FetchTask {
  return { name: `FETCH ${name} of all`, command: `FETCH 1:* ${items}` };
}

function some(item: string): FetchTask {
  return { name: `FETCH ${item} of ${BODIES}`, command: `FETCH 1:${BODIES} (${item.replace('[', '.PEEK[')})` };
}
