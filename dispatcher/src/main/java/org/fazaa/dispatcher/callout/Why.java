package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Skill;

/**
 * Why one person was asked, as it was stored: the figures of the offer and of the decision that
 * made it.
 *
 * @param lastAsked how long before that they had been asked anything
 * @param enteredBy the member of staff who phoned instead
 * @param wave which one of its call-out; empty when no round chose them
 */
record Why(
    double km,
    double yes,
    double no,
    List<Skill> skills,
    Optional<Duration> lastAsked,
    Optional<String> enteredBy,
    Optional<String> policy,
    Optional<Title> insteadOf,
    Optional<Wave> wave) {

  /** A wave of a need with so many places open, after so long. */
  record Wave(int number, int open, int people, Duration after) {}

  /** The columns that {@link #of} reads, with {@link #JOINS} beside offer {@code o}. */
  static final String COLUMNS =
      """
      o.km, o.said_yes, o.said_no, o.asked_at, wn.skills, ws.name AS entered_name,
        wd.policy, wd.at AS decided_at, wd.wave, wd.open, wd.people, wd.since,
        wi.title_ar AS instead_ar, wi.title_en AS instead_en, wl.asked_at AS last_asked_at
      """;

  static final String JOINS =
      """
      JOIN dispatch.need wn ON wn.id = o.need
      LEFT JOIN dispatch.staff ws ON ws.account = o.entered_by
      LEFT JOIN dispatch.decision wd ON wd.id = o.decision
      LEFT JOIN dispatch.need wi ON wi.id = wd.instead_of
      LEFT JOIN LATERAL (
        SELECT asked_at FROM dispatch.offer
        WHERE volunteer = o.volunteer AND id < o.id ORDER BY id DESC LIMIT 1) wl ON true
      """;

  static Why of(Row row) {
    var askedAt = at(row, "asked_at").orElseThrow();
    return new Why(
        row.getDouble("km"),
        row.getDouble("said_yes"),
        row.getDouble("said_no"),
        skills(row.getArrayOfStrings("skills")),
        at(row, "last_asked_at").map(last -> Duration.between(last, askedAt)),
        Optional.ofNullable(row.getString("entered_name")),
        Optional.ofNullable(row.getString("policy")),
        Optional.ofNullable(row.getString("instead_en"))
            .map(en -> new Title(row.getString("instead_ar"), en)),
        wave(row));
  }

  private static Optional<Wave> wave(Row row) {
    var number = row.getInteger("wave");
    if (number == null) return Optional.empty();
    var decidedAt = at(row, "decided_at").orElseThrow();
    var since = at(row, "since").orElse(decidedAt);
    return Optional.of(
        new Wave(
            number,
            row.getInteger("open"),
            row.getInteger("people"),
            Duration.between(since, decidedAt)));
  }

  private static List<Skill> skills(String[] codes) {
    var skills = new ArrayList<Skill>();
    for (var code : codes) Skill.of(code).ifPresent(skills::add);
    return skills.stream().sorted().toList();
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(at -> at.toInstant());
  }

  Title says() {
    return Says.why(this);
  }
}
