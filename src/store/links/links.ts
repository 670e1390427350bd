/** Which mail is which Bitmessage: the one table family across the wall between mail and node, for mapping alone. */
import type { Database } from '../database.js';
import { Conversations } from './conversations.js';
import { GroupFolders } from './group-folders.js';
import { ReceivedLinks } from './received-links.js';
import { Recipients } from './recipients.js';
import { Submissions } from './submissions.js';

export class Links {
  readonly received: ReceivedLinks;
  readonly submissions: Submissions;
  readonly recipients: Recipients;
  readonly conversations: Conversations;
  readonly groupFolders: GroupFolders;

  constructor(private readonly database: Database) {
    this.received = new ReceivedLinks(database);
    this.submissions = new Submissions(database);
    this.recipients = new Recipients(database);
    this.conversations = new Conversations(database);
    this.groupFolders = new GroupFolders(database);
  }

  /** True the first time it is asked about a topic, inside the caller's transaction; false for ever after. */
  sayOnce(topic: string): boolean {
    return this.database.run('INSERT OR IGNORE INTO said_once (topic) VALUES (?)', topic).changes > 0;
  }
}
