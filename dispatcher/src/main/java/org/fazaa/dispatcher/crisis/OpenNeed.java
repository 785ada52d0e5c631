package org.fazaa.dispatcher.crisis;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;

/** A coordinator says what is needed: how many people, who can do what, where and when. */
public final class OpenNeed {
  static final int MOST_PEOPLE = 500;
  static final int MOST_TITLE = 80;
  static final Duration LONGEST = Duration.ofDays(31);
  static final Duration FURTHEST = Duration.ofDays(366);

  private static final int YOUNGEST = 16;
  private static final int OLDEST = 70;

  /**
   * @param proof whether only those may come whose skills are proven to last until its end
   * @param ageLeast how old one must be; under {@value Need#GROWN_UP} only where nothing hurries
   */
  public record Draft(
      Title title,
      Set<Skill> skills,
      Set<SpokenLanguage> languages,
      boolean proof,
      int ageLeast,
      int people,
      Point place,
      Instant startsAt,
      Instant endsAt,
      Priority priority) {

    /** Of grown-ups, by their own word. */
    public Draft(
        Title title,
        Set<Skill> skills,
        Set<SpokenLanguage> languages,
        int people,
        Point place,
        Instant startsAt,
        Instant endsAt,
        Priority priority) {
      this(
          title,
          skills,
          languages,
          false,
          Need.GROWN_UP,
          people,
          place,
          startsAt,
          endsAt,
          priority);
    }
  }

  public sealed interface Outcome extends News {
    record Opened(CrisisId crisis, NeedId need) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(crisis.value(), need.value()));
      }
    }

    record NoCrisis() implements Outcome {}

    record CrisisOver(Instant at) implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private OpenNeed() {}

  public static Outcome run(SqlConnection tx, Staff by, CrisisId crisis, Draft draft, Instant now) {
    var place = lock(tx, crisis);
    var refusal = refusal(place, draft, now);
    if (refusal.isPresent()) return refusal.get();
    return new Outcome.Opened(crisis, insert(tx, by, crisis, draft, now));
  }

  /** Where a need would go: its crisis's area, and when that crisis ended if it did. */
  record Ground(Area area, Optional<Instant> closedAt) {}

  static Optional<Outcome> refusal(Optional<Ground> ground, Draft draft, Instant now) {
    if (ground.isEmpty()) return Optional.of(new Outcome.NoCrisis());
    var closedAt = ground.get().closedAt();
    if (closedAt.isPresent()) return Optional.of(new Outcome.CrisisOver(closedAt.get()));
    var flaws = flaws(draft, ground.get().area(), now);
    return flaws.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Incomplete(flaws));
  }

  public static List<Flaw> flaws(Draft draft, Area area, Instant now) {
    var flaws = new ArrayList<Flaw>();
    if (draft.title == null || draft.title.isIncomplete()) {
      flaws.add(new Flaw("title", "write it in Arabic and English", "اكتبه بالعربية والإنجليزية"));
    } else if (draft.title.isLongerThan(MOST_TITLE)) {
      flaws.add(new Flaw("title", "at most 80 letters", "80 حرفًا على الأكثر"));
    }
    if (draft.people < 1 || draft.people > MOST_PEOPLE) {
      flaws.add(new Flaw("people", "between 1 and 500", "بين 1 و500"));
    }
    if (draft.priority == null) {
      flaws.add(
          new Flaw("priority", "choose life, urgent or planned", "اختر حياة أو عاجل أو مخطط"));
    }
    age(draft).ifPresent(flaws::add);
    if (draft.place == null) {
      flaws.add(new Flaw("place", "set a point on the map", "حدد نقطة على الخريطة"));
    } else if (!area.contains(draft.place)) {
      flaws.add(
          new Flaw("place", "it lies outside the area of the crisis", "المكان خارج منطقة الأزمة"));
    }
    flaws.addAll(windowFlaws(draft.startsAt, draft.endsAt, now));
    return flaws;
  }

  private static Optional<Flaw> age(Draft draft) {
    if (draft.ageLeast < YOUNGEST || draft.ageLeast > OLDEST) {
      return Optional.of(new Flaw("age_least", "between 16 and 70", "بين 16 و70"));
    }
    return draft.ageLeast < Need.GROWN_UP && draft.priority != Priority.PLANNED
        ? Optional.of(
            new Flaw(
                "age_least", "under 18 only for a planned need", "أقل من 18 للاحتياج المخطط فقط"))
        : Optional.empty();
  }

  static List<Flaw> windowFlaws(Instant startsAt, Instant endsAt, Instant now) {
    if (startsAt == null) {
      return List.of(new Flaw("starts_at", "say when it starts", "حدد وقت البداية"));
    }
    if (endsAt == null) return List.of(new Flaw("ends_at", "say when it ends", "حدد وقت النهاية"));
    if (startsAt.isAfter(now.plus(FURTHEST))) {
      return List.of(new Flaw("starts_at", "within a year", "خلال سنة"));
    }
    if (!endsAt.isAfter(startsAt)) {
      return List.of(new Flaw("ends_at", "after the start", "بعد البداية"));
    }
    if (!endsAt.isAfter(now)) {
      return List.of(new Flaw("ends_at", "it is already over", "انتهى وقته"));
    }
    if (Duration.between(startsAt, endsAt).compareTo(LONGEST) > 0) {
      return List.of(new Flaw("ends_at", "at most 31 days long", "31 يومًا على الأكثر"));
    }
    return List.of();
  }

  /** What starts later must be full when it starts; what has begun, within its class's time. */
  public static Instant fillBy(Priority priority, Instant startsAt, Instant endsAt, Instant now) {
    if (startsAt.isAfter(now)) return startsAt;
    var soon = now.plus(priority.fillWithin());
    return soon.isBefore(endsAt) ? soon : endsAt;
  }

  private static Optional<Ground> lock(SqlConnection tx, CrisisId crisis) {
    var rows = tx.preparedQuery(LOCK_CRISIS).execute(Tuple.of(crisis.value())).await();
    for (var row : rows) {
      var closed = Optional.ofNullable(row.getOffsetDateTime("closed_at"));
      return Optional.of(
          new Ground(Area.stored(row.getJsonObject("area")), closed.map(at -> at.toInstant())));
    }
    return Optional.empty();
  }

  private static NeedId insert(
      SqlConnection tx, Staff by, CrisisId crisis, Draft draft, Instant now) {
    var fillBy = fillBy(draft.priority, draft.startsAt, draft.endsAt, now);
    var row =
        Tuple.of(crisis.value(), draft.title.ar(), draft.title.en())
            .addValue(Skill.codes(draft.skills).toArray(String[]::new))
            .addValue(SpokenLanguage.codes(draft.languages).toArray(String[]::new))
            .addValue(draft.proof)
            .addValue(draft.ageLeast)
            .addValue(draft.people)
            .addValue(draft.place.lon())
            .addValue(draft.place.lat())
            .addValue(Database.utc(draft.startsAt))
            .addValue(Database.utc(draft.endsAt))
            .addValue(Database.utc(fillBy))
            .addValue(draft.priority.word())
            .addValue(by.account())
            .addValue(Database.utc(now));
    var inserted = tx.preparedQuery(INSERT).execute(row).await();
    return new NeedId(inserted.iterator().next().getLong("id"));
  }

  private static final String LOCK_CRISIS =
      """
      SELECT c.area, x.closed_at
      FROM dispatch.crisis c LEFT JOIN dispatch.crisis_closure x ON x.crisis = c.id
      WHERE c.id = $1
      FOR SHARE OF c
      """;

  private static final String INSERT =
      """
      INSERT INTO dispatch.need
        (crisis, title_ar, title_en, skills, languages, proof, age_least, people,
         lon, lat, starts_at, ends_at, fill_by, priority, opened_by, opened_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      RETURNING id
      """;
}
