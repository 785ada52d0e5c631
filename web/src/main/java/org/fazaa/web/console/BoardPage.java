package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The board of a crisis: what is short of people, what is being done, and what needs a human. */
record BoardPage(
    Head crisis,
    List<NeedRow> needs,
    List<Event> timeline,
    AreaMap map,
    String cost,
    Optional<Cap> cap,
    boolean halted,
    boolean mayDispatch,
    Instant readAt) {

  record Head(
      long id,
      String name,
      String kind,
      String area,
      boolean drill,
      Instant openedAt,
      Optional<Instant> closedAt) {}

  /**
   * What the texts of this crisis may cost.
   *
   * @param plain the cap as a field takes it
   * @param near whether most of it is spent, so that texts will soon wait
   */
  record Cap(String cap, String plain, String currency, boolean near) {}

  int people() {
    return needs.stream().mapToInt(NeedRow::people).sum();
  }

  int filled() {
    return needs.stream().mapToInt(NeedRow::filled).sum();
  }

  int standby() {
    return needs.stream().mapToInt(NeedRow::standby).sum();
  }

  int offersOpen() {
    return needs.stream().mapToInt(NeedRow::offersOpen).sum();
  }

  int texts() {
    return needs.stream().mapToInt(NeedRow::texts).sum();
  }
}
