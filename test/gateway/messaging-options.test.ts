import assert from 'node:assert/strict';
import { messagingDefaults } from '../../src/bitmessage/messaging/options.js';
import { MAINNET } from '../../src/bitmessage/wire/params.js';
import { loadConfig } from '../../src/config.js';
import { messagingOptions } from '../../src/gateway/messaging-options.js';

describe('the settings of messaging', () => {
  it('are those of the main network where nothing is said', () => {
    const { maxDemand, resend, sendDelaySeconds, ackStealth } = messagingDefaults(MAINNET);
    assert.deepEqual(messagingOptions(loadConfig()), { maxDemand, resend, sendDelaySeconds, ackStealth });
  });

  it('say how often, how long, how late and how hidden', () => {
    const set = ['mail.send_attempts=2', 'mail.give_up_days=3', 'mail.send_delay_minutes=30', 'mail.ack_stealth_level=2'];
    const { resend, sendDelaySeconds, ackStealth } = messagingOptions(loadConfig({ set }));
    assert.deepEqual([resend, sendDelaySeconds, ackStealth], [{ maxAttempts: 2, giveUpAfterSeconds: 259_200 }, 1800, 2]);
  });
});
