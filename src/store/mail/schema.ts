/** The tables of the mail side: folders, what lies in them, and the text of the messages. */

export const MAIL_SCHEMA = '';
