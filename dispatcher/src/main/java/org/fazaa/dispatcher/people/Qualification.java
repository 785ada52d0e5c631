package org.fazaa.dispatcher.people;

import static java.util.stream.Collectors.toMap;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proof that somebody has a skill.
 *
 * @param until the last day of it; empty when it has no end
 * @param proof what was seen, such as a licence and its number
 * @param verifiedBy the account that saw it
 */
public record Qualification(
    VolunteerId volunteer,
    Skill skill,
    Optional<LocalDate> until,
    String proof,
    long verifiedBy,
    Instant verifiedAt) {

  /** All of somebody's, those that lapsed among them. */
  public static List<Qualification> list(SqlClient db, VolunteerId volunteer) {
    var found = new ArrayList<Qualification>();
    for (var row : db.preparedQuery(LIST).execute(Tuple.of(volunteer.value())).await()) {
      var until = Optional.ofNullable(row.getLocalDate("valid_until"));
      Skill.of(row.getString("skill"))
          .map(
              skill ->
                  new Qualification(
                      volunteer,
                      skill,
                      until,
                      row.getString("proof"),
                      row.getLong("verified_by"),
                      row.getOffsetDateTime("verified_at").toInstant()))
          .ifPresent(found::add);
    }
    return found;
  }

  /** The last day of each skill that somebody has proven. */
  public static Map<Skill, LocalDate> onFile(SqlClient db, VolunteerId volunteer) {
    return list(db, volunteer).stream()
        .collect(toMap(Qualification::skill, one -> one.until.orElse(LocalDate.MAX)));
  }

  /**
   * Whether what is on file does for a task that asks for this skill and ends on this day. Most
   * people's skills were never proven: that stands in the way only where proof is asked for.
   *
   * @param onFile the last day of each skill that was proven
   */
  public static boolean does(
      Map<Skill, LocalDate> onFile, Skill skill, boolean proof, LocalDate endsOn) {
    var until = onFile.get(skill);
    return until == null ? !proof : !until.isBefore(endsOn);
  }

  private static final String LIST =
      """
      SELECT skill, valid_until, proof, verified_by, verified_at FROM dispatch.qualification
      WHERE volunteer = $1 ORDER BY skill\
      """;
}
