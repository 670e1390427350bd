/** What the settings of [mail] and [pow] mean to messaging: how long it goes on trying, what it waits for, and how much work it does. */
import type { NodeOptions } from '../bitmessage/create-node.js';
import type { Config } from '../config.js';

export function messagingOptions({ mail, pow }: Pick<Config, 'mail' | 'pow'>): NonNullable<NodeOptions['messaging']> {
  return {
    maxDemand: { nonceTrialsPerByte: pow.max_nonce_trials_per_byte, extraBytes: pow.max_extra_bytes },
    resend: { maxAttempts: mail.send_attempts, giveUpAfterSeconds: mail.give_up_days * 86_400 },
    sendDelaySeconds: mail.send_delay_minutes * 60,
    ackStealth: mail.ack_stealth_level,
  };
}
