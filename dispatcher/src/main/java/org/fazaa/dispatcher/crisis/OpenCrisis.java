package org.fazaa.dispatcher.crisis;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.notifier.CountryRules;

/** A coordinator launches a crisis: a name, what happened, and where. */
public final class OpenCrisis {
  private static final int MOST_NAME = 80;

  /**
   * @param country two letters, such as SA
   * @param zone where the clock of this crisis hangs; that of the country when empty
   */
  public record Draft(
      Title name, CrisisKind kind, Area area, Mode mode, String country, Optional<ZoneId> zone) {}

  public sealed interface Outcome extends News {
    record Opened(CrisisId crisis) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.CrisisChanged(crisis.value()));
      }
    }

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private OpenCrisis() {}

  public static Outcome run(SqlConnection tx, Staff by, Draft draft, Instant now) {
    var flaws = flaws(draft);
    if (!flaws.isEmpty()) return new Outcome.Incomplete(flaws);
    var row =
        Tuple.of(draft.name.ar(), draft.name.en(), draft.kind.word(), draft.mode.word())
            .addValue(draft.country)
            .addValue(zone(draft).orElseThrow().getId())
            .addValue(draft.area.json())
            .addValue(by.account())
            .addValue(Database.utc(now));
    var id = tx.preparedQuery(INSERT).execute(row).await().iterator().next().getLong("id");
    return new Outcome.Opened(new CrisisId(id));
  }

  static List<Flaw> flaws(Draft draft) {
    var flaws = new ArrayList<Flaw>();
    if (draft.name == null || draft.name.isIncomplete()) {
      flaws.add(
          new Flaw("name", "name it in Arabic and English", "اكتب الاسم بالعربية والإنجليزية"));
    } else if (draft.name.isLongerThan(MOST_NAME)) {
      flaws.add(new Flaw("name", "at most 80 letters", "80 حرفًا على الأكثر"));
    }
    if (draft.kind == null) flaws.add(new Flaw("kind", "say what happened", "حدد ما حدث"));
    if (draft.area == null) {
      flaws.add(
          new Flaw(
              "area",
              "draw an area: without one nobody can be asked",
              "ارسم المنطقة: بدونها لا يُدعى أحد"));
    }
    if (draft.mode == null) {
      flaws.add(new Flaw("mode", "choose live or drill", "اختر حقيقية أو تدريب"));
    }
    if (draft.country == null || !draft.country.matches("[A-Z]{2}")) {
      flaws.add(
          new Flaw("country", "two capital letters, such as SA", "حرفان لاتينيان كبيران مثل SA"));
    } else if (zone(draft).isEmpty()) {
      flaws.add(
          new Flaw(
              "zone",
              "name a time zone for this country, such as Asia/Riyadh",
              "اكتب المنطقة الزمنية لهذا البلد مثل Asia/Riyadh"));
    }
    return flaws;
  }

  private static Optional<ZoneId> zone(Draft draft) {
    return draft.zone.or(() -> CountryRules.zone(draft.country));
  }

  private static final String INSERT =
      """
      INSERT INTO dispatch.crisis
        (name_ar, name_en, kind, mode, country, zone, area, opened_by, opened_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      RETURNING id
      """;
}
