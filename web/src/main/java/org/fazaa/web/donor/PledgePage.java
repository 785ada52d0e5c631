package org.fazaa.web.donor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pledge as its giver sees it: what is due, how to pay it with one press, and how to stop.
 *
 * @param ended why it asks nothing more
 * @param cardLink where a press leads on to the card provider; empty where cards are pretended or
 *     not taken
 */
record PledgePage(
    long fund,
    String code,
    String fundName,
    boolean demonstration,
    String amount,
    String every,
    Optional<String> count,
    Optional<String> ended,
    Optional<Instant> next,
    Optional<Due> due,
    Optional<String> cardLink,
    boolean cards,
    List<Row> rows,
    List<String> flaws) {

  /** The instalment that is waited for. */
  record Due(Instant day) {}

  /**
   * @param gift the page of the gift that pays it
   */
  record Row(int number, Instant day, String state, Optional<String> gift) {}
}
