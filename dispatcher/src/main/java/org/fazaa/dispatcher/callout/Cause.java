package org.fazaa.dispatcher.callout;

import org.fazaa.dispatcher.crisis.Staff;

/**
 * Who or what changed an offer: a reply, a member of staff, or the system itself.
 *
 * @param reply the reply's number, or null
 * @param staff the account of the member of staff, or null
 */
public record Cause(Long reply, Long staff) {
  public static final Cause SYSTEM = new Cause(null, null);

  public static Cause reply(long reply) {
    return new Cause(reply, null);
  }

  public static Cause staff(Staff by) {
    return new Cause(null, by.account());
  }
}
