/** NOTIFY, RFC 5465: which changes the client wants to hear of, at any time. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { Notifications } from '../notifications.js';
import { EVENTS, type NotifyRequest, parseNotify } from './notify-syntax.js';

export const notify: Command<NotifyRequest> = {
  states: LOGGED_IN,
  parse: parseNotify,
  run: async ({ withStatus, groups, hasUnknown }, session) => {
    if (hasUnknown) throw new ImapNo(`BADEVENT (${EVENTS.join(' ')})`, 'Some of these events are not known here');
    const notifications = new Notifications(session, groups);
    session.notifyOf(notifications);
    if (withStatus) await notifications.tellStatus();
    return undefined;
  },
};
