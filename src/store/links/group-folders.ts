/** Which folder stands for which chan or subscription. */
import type { Database } from '../database.js';

export interface GroupFolder {
  readonly address: string;
  readonly kind: 'chan' | 'subscription';
  readonly mailboxId: number;
  readonly joined: boolean;
  /** '' where it is not known, or sealed. */
  readonly passphrase: string;
  readonly sealedPassphrase: Uint8Array | null;
  /** When it was left, 0 while joined. */
  readonly leftAt: number;
}

const FOLDER = 'address, kind, mailbox_id AS mailboxId, joined, passphrase, sealed_passphrase AS sealedPassphrase, left_at AS leftAt';

type FolderRow = Omit<GroupFolder, 'joined'> & { joined: number };

export class GroupFolders {
  constructor(private readonly database: Database) {}

  /** Ties a folder to a chan or a subscription; a new folder for the same address takes the place of the old. */
  set(folder: GroupFolder): void {
    this.database.run(
      `INSERT INTO group_folder (address, kind, mailbox_id, joined, left_at, passphrase, sealed_passphrase) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, mailbox_id = excluded.mailbox_id, joined = excluded.joined,
         left_at = excluded.left_at, passphrase = excluded.passphrase, sealed_passphrase = excluded.sealed_passphrase`,
      folder.address,
      folder.kind,
      folder.mailboxId,
      folder.joined ? 1 : 0,
      folder.leftAt,
      folder.passphrase,
      folder.sealedPassphrase,
    );
  }

  of(address: string): GroupFolder | undefined {
    const row = this.database.get<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE address = ?`, address);
    return row && toFolder(row);
  }

  ofMailbox(mailboxId: number): GroupFolder | undefined {
    const row = this.database.get<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE mailbox_id = ?`, mailboxId);
    return row && toFolder(row);
  }

  /** Of chans and subscriptions, joined and left. */
  all(): GroupFolder[] {
    return this.database.all<FolderRow>(`SELECT ${FOLDER} FROM group_folder`).map(toFolder);
  }

  /** Folders of groups that were left before that time. */
  leftBefore(time: number): GroupFolder[] {
    return this.database.all<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE joined = 0 AND left_at < ?`, time).map(toFolder);
  }

  remove(address: string): void {
    this.database.run('DELETE FROM group_folder WHERE address = ?', address);
  }
}

function toFolder(row: FolderRow): GroupFolder {
  return { ...row, joined: row.joined === 1 };
}
