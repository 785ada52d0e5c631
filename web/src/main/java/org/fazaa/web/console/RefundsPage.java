package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import org.fazaa.web.Choice;

/**
 * What goes back to donors, and what must be looked at before it can.
 *
 * @param givers unrestricted funds, which may fill a reserve
 */
record RefundsPage(
    List<Row> refunds,
    List<Doubt> doubts,
    List<Choice> givers,
    List<Choice> funds,
    List<String> flaws) {

  /**
   * @param confirmable by whoever looks
   */
  record Row(
      long id,
      String fund,
      String gift,
      String amount,
      String why,
      String state,
      Instant at,
      boolean confirmable) {}

  record Doubt(String fund, String gift, String why, String details, Instant at) {}
}
