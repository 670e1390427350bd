/** The subject without what answering and forwarding put around it, RFC 5256 §2.1. Pure, takes any text. */

export interface BaseSubject {
  readonly text: string;
  /** Something that marks an answer or a forwarded message was taken away. */
  readonly isReply: boolean;
}

const BLOB = /^\[[^[\]]*\]\s*/;
const LEADER = /^(?:\[[^[\]]*\]\s*)*(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:/i;

/** @param subject decoded */
export function baseSubject(subject: string): BaseSubject {
  let text = subject.replace(/\s+/g, ' ').trim();
  let isReply = false;
  for (;;) {
    while (/\(fwd\)$/i.test(text)) {
      text = text.slice(0, -'(fwd)'.length).trimEnd();
      isReply = true;
    }
    for (;;) {
      const leader = LEADER.exec(text);
      if (leader !== null) {
        text = text.slice(leader[0].length).trimStart();
        isReply = true;
        continue;
      }
      const blob = BLOB.exec(text);
      // A subject that is nothing but a "[blob]" keeps it.
      if (blob === null || blob[0].length === text.length) break;
      text = text.slice(blob[0].length);
    }
    if (!/^\[fwd:.*\]$/i.test(text)) return { text, isReply };
    text = text.slice('[fwd:'.length, -1).trim();
    isReply = true;
  }
}
